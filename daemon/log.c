#include "log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "buffer.h"
#include "clock.h"
#include "redact.h"
#include "utf8.h"

static atomic_int level_shown = LOG_LEVEL_INFO;

static pthread_mutex_t hook_lock = PTHREAD_MUTEX_INITIALIZER;
/* guarded by hook_lock */
static void (*hook)(void *context, enum log_level level, const char *line);
static void *hook_context;

void
log_set_level(enum log_level level)
{
    atomic_store(&level_shown, (int)level);
}

void
log_set_hook(void (*function)(void *context, enum log_level level,
                              const char *line),
             void *context)
{
    pthread_mutex_lock(&hook_lock);
    hook = function;
    hook_context = context;
    pthread_mutex_unlock(&hook_lock);
}

static const char *
level_name(enum log_level level)
{
    switch (level) {
    case LOG_LEVEL_ERROR:
        return "error";
    case LOG_LEVEL_WARNING:
        return "warning";
    case LOG_LEVEL_NOTICE:
        return "notice";
    case LOG_LEVEL_INFO:
        return "info";
    case LOG_LEVEL_DEBUG:
        return "debug";
    }
    return "";
}

/* What is quoted from outside could move the cursor or forge a line. */
static void
append_visible(struct buffer *out, struct span text)
{
    for (size_t offset = 0; offset < text.len;) {
        bool valid;
        uint32_t code_point = utf8_next(text, &offset, &valid);
        if (code_point == '\n')
            buffer_append_text(out, " | ");
        else if (code_point < 0x20 || code_point == 0x7F ||
                 (code_point >= 0x80 && code_point < 0xA0) ||
                 (code_point >= 0x202A && code_point <= 0x202E) ||
                 (code_point >= 0x2066 && code_point <= 0x2069))
            buffer_printf(out, "\\x%02x", (unsigned)code_point);
        else
            utf8_append(out, code_point);
    }
}

static void
append_prefix(struct buffer *out, enum log_level level)
{
    if (getenv("JOURNAL_STREAM")) {
        buffer_printf(out, "<%d>", (int)level);
        return;
    }
    char stamp[CLOCK_TEXT_SIZE];
    if (isatty(STDERR_FILENO)) {
        time_t now = time(NULL);
        struct tm parts;
        localtime_r(&now, &parts);
        strftime(stamp, sizeof(stamp), "%H:%M:%S", &parts);
    } else {
        clock_format(clock_wall_ms(), stamp);
    }
    buffer_printf(out, "%s %s ", stamp, level_name(level));
}

static void
write_all(const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t written = write(STDERR_FILENO, bytes, len);
        if (written <= 0)
            return; /* there is nowhere left to say so */
        bytes += written;
        len -= (size_t)written;
    }
}

static void PRINTF(3, 0) log_line(enum log_level level, const char *subject,
                                  const char *format, va_list args)
{
    if ((int)level > atomic_load(&level_shown))
        return;

    CLEANUP(buffer_done) struct buffer message = {0};
    if (subject && subject[0])
        buffer_printf(&message, "%s: ", subject);
    buffer_vprintf(&message, format, args);
    redact_text(&message);

    CLEANUP(buffer_done) struct buffer line = {0};
    pthread_mutex_lock(&hook_lock);
    if (hook) {
        append_visible(&line, buffer_span(&message));
        hook(hook_context, level, buffer_text(&line));
    } else {
        append_prefix(&line, level);
        append_visible(&line, buffer_span(&message));
        buffer_append_byte(&line, '\n');
        write_all(buffer_text(&line), line.len);
    }
    pthread_mutex_unlock(&hook_lock);
}

#define LOG_FUNCTION(name, level)                                              \
    void name(const char *subject, const char *format, ...)                    \
    {                                                                          \
        va_list args;                                                          \
        va_start(args, format);                                                \
        log_line(level, subject, format, args);                                \
        va_end(args);                                                          \
    }

LOG_FUNCTION(log_error, LOG_LEVEL_ERROR)
LOG_FUNCTION(log_warning, LOG_LEVEL_WARNING)
LOG_FUNCTION(log_notice, LOG_LEVEL_NOTICE)
LOG_FUNCTION(log_info, LOG_LEVEL_INFO)
LOG_FUNCTION(log_debug, LOG_LEVEL_DEBUG)
