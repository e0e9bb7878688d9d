/*
 * log.h - one line an event, to stderr.
 *
 * On a terminal a line reads "10:00:04 warning source mastodon-bishkek: …",
 * in a pipe it starts with the full UTC time, and under systemd (JOURNAL_STREAM
 * is set) with the priority "<4>" that journald takes off (sd-daemon(3)).
 * Secrets are removed (redact.h); control characters are made visible.
 *
 * Threads: any; a line is written in one write(2).
 */
#ifndef KAROOL_LOG_H
#define KAROOL_LOG_H

#include <stdbool.h>

#include "cleanup.h"

enum log_level {
    LOG_LEVEL_ERROR = 3, /* syslog numbers */
    LOG_LEVEL_WARNING = 4,
    LOG_LEVEL_NOTICE = 5,
    LOG_LEVEL_INFO = 6,
    LOG_LEVEL_DEBUG = 7,
};

/* Lines above this level are dropped; LOG_LEVEL_INFO at start. */
void log_set_level(enum log_level level);
/* While a hook is set, lines go to it (without time and newline) instead of
 * stderr: the terminal display of `run` draws them above its table. The hook
 * is called under the log's lock and must not log. NULL takes it away. */
void log_set_hook(void (*hook)(void *context, enum log_level level,
                               const char *line),
                  void *context);
void log_error(const char *subject, const char *format, ...) PRINTF(2, 3);
void log_warning(const char *subject, const char *format, ...) PRINTF(2, 3);
void log_notice(const char *subject, const char *format, ...) PRINTF(2, 3);
void log_info(const char *subject, const char *format, ...) PRINTF(2, 3);
void log_debug(const char *subject, const char *format, ...) PRINTF(2, 3);

#endif
