/*
 * clock.h - two clocks and the spellings of time.
 *
 * Monotonic milliseconds measure waiting; wall milliseconds (Unix epoch, UTC)
 * are what records carry. Times in text are UTC, "2026-11-23T10:00:04Z".
 *
 * Threads: any.
 */
#ifndef KAROOL_CLOCK_H
#define KAROOL_CLOCK_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "cleanup.h"
#include "span.h"

#define CLOCK_TEXT_SIZE 32

int64_t clock_monotonic_ms(void);
int64_t clock_wall_ms(void);
/* A moment of the monotonic clock, for waits that no change of the wall clock
 * lengthens: pthread_clockjoin_np(), and a condition made for it. */
struct timespec clock_monotonic_after(int ms);
void clock_init_condition(pthread_cond_t *condition);
/* "2026-11-23T10:00:04Z", with ".123" when not on a full second. */
void clock_format(int64_t wall_ms, char out[CLOCK_TEXT_SIZE]);
/* RFC 3339 and its ISO 8601 relatives (offset Z, +06:00, +0600; fraction of
 * any length; date alone is midnight). */
MUST_USE bool clock_parse_iso8601(struct span text, int64_t *wall_ms);
/* RFC 822 and RFC 1123 dates as feeds write them: weekday optional, years of
 * two digits (00 to 49 are 20xx, RFC 2822 4.3), names of zones, +0600. */
MUST_USE bool clock_parse_rfc822(struct span text, int64_t *wall_ms);
/* "250ms" "30s" "5m" "2h" "7d"; a bare number is not a duration. */
MUST_USE bool clock_parse_duration(struct span text, int64_t *ms);
/* "in 12 s", "in 3 min": for people. */
void clock_format_duration(int64_t ms, char out[CLOCK_TEXT_SIZE]);

#endif
