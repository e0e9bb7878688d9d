/*
 * run_reload.h - `karool reload` and SIGHUP, while `run` runs.
 *
 * Owns the control socket and the reload, and tells systemd of it. Where
 * another process of the campaign has the socket already, that one answers
 * `karool reload`, and this one hears SIGHUP alone.
 *
 * Threads: the main thread. Ownership: freed before what it reloads.
 */
#ifndef KAROOL_RUN_RELOAD_H
#define KAROOL_RUN_RELOAD_H

#include <poll.h>

#include "reload.h"
#include "running.h"

enum { RUN_RELOAD_FDS = 2 };

struct run_reload;

/* Of the setup `options` and `amend` are the caller's. */
MUST_USE struct run_reload *run_reload_new(struct running *running,
                                           const struct reload_setup *setup,
                                           struct error *err);
void run_reload_free(struct run_reload *run);
void run_reload_freep(struct run_reload **run);
/* What to wait for. */
void run_reload_fds(const struct run_reload *run,
                    struct pollfd out[RUN_RELOAD_FDS]);
/* Whatever is ready; call it about once a second at least. */
void run_reload_work(struct run_reload *run);
/* The number of the reload that was asked for. */
uint64_t run_reload_request(struct run_reload *run);

#endif
