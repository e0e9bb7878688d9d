#include <locale.h>
#include <malloc.h>
#include <signal.h>

#include "command.h"

/* As glibc is set a heap of a thread grows by a page and a system call, and
 * shrinks again: with records that one thread makes and another frees an
 * eighth of the time of a screen. */
static void
keep_heaps(void)
{
#ifdef __GLIBC__
    enum { MB = 1024 * 1024 };
    mallopt(M_TOP_PAD, 64 * MB); /* all of a heap; what is not used is free */
    mallopt(M_TRIM_THRESHOLD, 64 * MB);
    mallopt(M_MMAP_THRESHOLD, 4 * MB);
#endif
}

int
main(int argc, char **argv)
{
    /* For what the C library prints; numbers stay as C writes them. */
    setlocale(LC_CTYPE, "C.UTF-8");
    /* A closed pipe or socket is an error of its write, not a death. */
    signal(SIGPIPE, SIG_IGN);
    keep_heaps();
    return command_main(argc, argv);
}
