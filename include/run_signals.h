/*
 * run_signals.h - the signals of a daemon, on a thread of their own, so that
 * they are heard whatever the other threads wait for.
 *
 * SIGINT and SIGTERM ask for an orderly end; when that has not come within
 * RUN_SIGNALS_END_MS, or at a second one, the process ends at once with status
 * 0: an open transaction is abandoned, which loses nothing. SIGHUP asks for a
 * reload.
 *
 * Threads: make it before any other thread starts, so that all inherit the
 * mask.
 */
#ifndef KAROOL_RUN_SIGNALS_H
#define KAROOL_RUN_SIGNALS_H

#include <stdbool.h>

#include "error.h"

enum { RUN_SIGNALS_END_MS = 4500 };

struct run_signals;

MUST_USE struct run_signals *run_signals_new(struct error *err);
void run_signals_free(struct run_signals *signals);
void run_signals_freep(struct run_signals **signals);
/* Readable when something came: for poll(2). */
int run_signals_fd(const struct run_signals *signals);
/* Clears it. */
void run_signals_clear(struct run_signals *signals);
bool run_signals_stop(const struct run_signals *signals);
/* true once for any number of SIGHUP since the last call. */
bool run_signals_reload(struct run_signals *signals);

#endif
