#include "source_view.h"

#include "clock.h"

bool
source_troubled(const struct source_report *report)
{
    return report->reason[0] != '\0' || report->state == SOURCE_STOPPED ||
           report->state == SOURCE_BACKING_OFF;
}

static bool
append_next(const struct source_report *report, int64_t now_ms,
            const char *what, struct buffer *out)
{
    if (report->next_ms == 0 || report->next_ms == INT64_MAX)
        return false;
    char wait[CLOCK_TEXT_SIZE];
    clock_format_duration(report->next_ms - now_ms, wait);
    bool now = report->next_ms <= now_ms;
    buffer_printf(out, "%s %s%s", what, now ? "" : "in ", wait);
    return true;
}

static bool
append_elsewhere(const struct source_report *report, int64_t now_ms,
                 struct buffer *out)
{
    char age[CLOCK_TEXT_SIZE];
    if (!report->elsewhere)
        return false;
    int64_t age_ms = now_ms - report->cursor_ms;
    clock_format_duration(age_ms > 0 ? age_ms : 1, age);
    if (report->cursor_ms)
        buffer_printf(out, "another process has it; its cursor is %s old", age);
    else
        buffer_append_text(out, "another process has it; no cursor yet");
    return true;
}

void
source_view(const struct source_report *report, int64_t now_ms,
            struct buffer *out)
{
    if (source_troubled(report)) {
        /* First what a cut line must not lose. */
        if (append_next(report, now_ms, "next try", out))
            buffer_append_text(out, ": ");
        buffer_append_text(out, report->reason[0]
                                    ? report->reason
                                    : source_state_name(report->state));
        return;
    }
    switch (report->state) {
    case SOURCE_WAITING:
        buffer_append_text(out, "waiting");
        append_next(report, now_ms, ", next poll", out);
        break;
    case SOURCE_FETCHING:
        buffer_append_text(out, "asking");
        break;
    case SOURCE_COMMITTING:
        buffer_append_text(out, "storing");
        break;
    case SOURCE_UNASSIGNED:
        if (append_elsewhere(report, now_ms, out))
            break;
        buffer_append_text(out, report->parted
                                    ? "not started: Kafka has not said which "
                                      "process polls it"
                                    : "not started: its cursor is being read");
        break;
    case SOURCE_BACKING_OFF:
    case SOURCE_STOPPED:
        break;
    }
}
