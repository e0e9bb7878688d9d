/*
 * output.h - standard output, where a command's data goes.
 *
 * Failure is sticky: after the first one everything is dropped. A reader that
 * has seen enough (`karool scan … | head`) ends the program quietly; a full
 * disk is an error.
 *
 * Threads: one at a time.
 */
#ifndef KAROOL_OUTPUT_H
#define KAROOL_OUTPUT_H

#include <stdbool.h>

#include "cleanup.h"
#include "error.h"
#include "span.h"

/* Writes all of it, unbuffered. false: stop producing, output_finish() knows
 * why. */
MUST_USE bool output_write(struct span bytes);
/* false with the reason when something was lost; a reader that went away is
 * no failure. */
MUST_USE bool output_finish(struct error *err);

#endif
