/*
 * Karool with a wall clock that a test moves while it runs: the file that
 * KAROOL_MOVED_CLOCK names holds the milliseconds that are added. librdkafka
 * keeps the clock of the machine: its waits end by it.
 *
 * Linked with --wrap into a program of its own; no part of karool.
 */
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"

int64_t __real_clock_wall_ms(void);
int64_t __wrap_clock_wall_ms(void);

int64_t
__wrap_clock_wall_ms(void)
{
    long long moved = 0;
    const char *path = getenv("KAROOL_MOVED_CLOCK");
    FILE *file = path ? fopen(path, "r") : NULL;
    if (file && fscanf(file, "%lld", &moved) != 1)
        moved = 0;
    if (file)
        fclose(file);
    return __real_clock_wall_ms() + moved;
}
