/*
 * run_hosts.h - whom `run` is going to ask: said before the first request.
 *
 * Threads: one.
 */
#ifndef KAROOL_RUN_HOSTS_H
#define KAROOL_RUN_HOSTS_H

#include "buffer.h"
#include "config.h"
#include "error.h"

/* Appends "mastodon.social, kloop.kg": each host once, in the order of the
 * sources; nothing when all sources are files. */
MUST_USE bool run_hosts(struct config *config, struct buffer *out,
                        struct error *err);
/* Logs them, before the first is asked. */
MUST_USE bool run_hosts_say(struct config *config, bool offline,
                            struct error *err);

#endif
