#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "log.h"
#include "redact.h"
#include "source_model.h"
#include "utf8.h"

enum {
    BACK_OFF_FIRST_MS = 5 * 1000,
    BACK_OFF_LAST_MS = 15 * 60 * 1000,
    STOPPED_AGAIN_MS = 60 * 60 * 1000, /* a person may have mended it */
    WAIT_MOST_MS = 6 * 60 * 60 * 1000, /* whatever a header says */
};

int64_t
source_jitter(struct source *source, int64_t ms)
{
    /* xorshift64 (Marsaglia 2003): enough to spread polls */
    source->random ^= source->random << 13;
    source->random ^= source->random >> 7;
    source->random ^= source->random << 17;
    return ms * (int64_t)(80 + source->random % 41) / 100;
}

static void PRINTF(2, 0)
    set_reason(struct source *source, const char *format, va_list args)
{
    CLEANUP(buffer_done) struct buffer reason = {0};
    buffer_vprintf(&reason, format, args);
    /* A network may repeat the token it was sent. Before the cut: half of a
     * secret is not recognised. */
    redact_text(&reason);
    size_t len = utf8_cut(buffer_span(&reason), sizeof(source->reason) - 1);
    memcpy(source->reason, buffer_text(&reason), len);
    source->reason[len] = '\0';
}

void
source_fail(struct source *source, int64_t now_ms, int64_t wait_ms,
            const char *format, ...)
{
    va_list args;
    va_start(args, format);
    set_reason(source, format, args);
    va_end(args);
    source->failures++;
    int64_t back_off = BACK_OFF_FIRST_MS;
    for (unsigned i = 0;
         i < source->failures_in_row && back_off < BACK_OFF_LAST_MS; i++)
        back_off *= 2;
    if (back_off > BACK_OFF_LAST_MS)
        back_off = BACK_OFF_LAST_MS;
    back_off = source_jitter(source, back_off);
    if (wait_ms > WAIT_MOST_MS)
        wait_ms = WAIT_MOST_MS;
    source->failures_in_row++;
    source->state = SOURCE_BACKING_OFF;
    source->due_ms = now_ms + (wait_ms > back_off ? wait_ms : back_off);
}

void
source_stop_for_person(struct source *source, int64_t now_ms,
                       const char *format, ...)
{
    va_list args;
    va_start(args, format);
    set_reason(source, format, args);
    va_end(args);
    source->failures++;
    source->state = SOURCE_STOPPED;
    source->due_ms = now_ms + source_jitter(source, STOPPED_AGAIN_MS);
}

void
source_report_gap(struct source *source, const struct walk *walk,
                  const char *what)
{
    source->gaps++;
    log_warning(walk->key, "gap: %s", what);
}

static bool
header_number(struct span text, int64_t *out)
{
    char digits[32];
    if (text.len == 0 || text.len >= sizeof(digits))
        return false;
    memcpy(digits, text.at, text.len);
    digits[text.len] = '\0';
    char *end;
    double number = strtod(digits, &end); /* Reddit's are decimals */
    if (*end || number < 0 || number > 1e12)
        return false;
    *out = (int64_t)number;
    return true;
}

/* Clocks differ: times in headers are compared with the header Date. */
static int64_t
server_now(const struct response *response, int64_t now_ms)
{
    int64_t date_ms;
    if (clock_parse_rfc822(response_header(response, "date"), &date_ms))
        return date_ms;
    return now_ms;
}

static int64_t
reset_wait(const struct source *source, const struct response *response,
           int64_t now_ms)
{
    const struct connector *connector = source->connector;
    if (!connector->reset_header)
        return 0;
    struct span text = response_header(response, connector->reset_header);
    int64_t number, wall_ms;
    int64_t server_ms = server_now(response, now_ms);
    bool iso = connector->reset_as == RESET_ISO8601 ||
               connector->reset_as == RESET_AUTO;
    if (iso && clock_parse_iso8601(text, &wall_ms))
        return wall_ms - server_ms;
    if (!header_number(text, &number))
        return 0;
    /* One header name, two meanings: seconds to go, or since 1970. */
    bool epoch = connector->reset_as == RESET_EPOCH ||
                 (connector->reset_as == RESET_AUTO && number > 1000000000);
    return epoch ? number * 1000 - server_ms : number * 1000;
}

int64_t
source_asked_wait(const struct source *source, const struct response *response,
                  int64_t now_ms)
{
    int64_t wait_ms = 0, number, wall_ms;
    struct span retry = response_header(response, "retry-after");
    if (header_number(retry, &number))
        wait_ms = number * 1000;
    else if (clock_parse_rfc822(retry, &wall_ms))
        wait_ms = wall_ms - server_now(response, now_ms);

    const char *remaining = source->connector->remaining_header;
    bool used_up = response->status == 429;
    if (remaining &&
        header_number(response_header(response, remaining), &number))
        used_up = used_up || number == 0;
    int64_t reset_ms = used_up ? reset_wait(source, response, now_ms) : 0;
    return wait_ms > reset_ms ? wait_ms : reset_ms > 0 ? reset_ms : 0;
}
