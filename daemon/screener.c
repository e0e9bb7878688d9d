#include "screener.h"

#include <stdlib.h>

#include "flagged_cut.h"
#include "json_string.h"
#include "utf8.h"

struct screener {
    struct post_reader *reader;
    struct scanner *scanner;
    struct buffer id, head, event;
};

struct screener *
screener_new(struct error *err)
{
    CLEANUP(screener_freep)
    struct screener *screener = calloc(1, sizeof(*screener));
    if (!screener) {
        error_no_memory(err);
        return NULL;
    }
    screener->reader = post_reader_new(err);
    if (!screener->reader)
        return NULL;
    screener->scanner = scanner_new(err);
    return screener->scanner ? TAKE(screener) : NULL;
}

void
screener_free(struct screener *screener)
{
    if (!screener)
        return;
    post_reader_free(screener->reader);
    scanner_free(screener->scanner);
    buffer_done(&screener->id);
    buffer_done(&screener->head);
    buffer_done(&screener->event);
    free(screener);
}

void
screener_freep(struct screener **screener)
{
    screener_free(*screener);
    *screener = NULL;
}

/* A Kafka key may be any bytes. */
static bool
give_id(struct screener *screener, struct post *post, struct span id,
        struct error *err)
{
    buffer_clear(&screener->id);
    utf8_repair(&screener->id, id);
    post->id = buffer_span(&screener->id);
    return buffer_ok(&screener->id) || error_no_memory(err);
}

/* An event names its post, also one that came without an id. */
static bool
put_id(struct screener *screener, struct post *post, struct error *err)
{
    buffer_clear(&screener->head);
    buffer_append_text(&screener->head, "{\"id\":\"");
    json_string_encode(&screener->head, post->id);
    buffer_append_text(&screener->head, "\",");
    buffer_append_span(&screener->head, span_from(post->head, 1));
    post->head = buffer_span(&screener->head);
    return buffer_ok(&screener->head) || error_no_memory(err);
}

static bool
write_event(struct buffer *out, const struct flagged_event *event,
            struct error *err)
{
    buffer_clear(out);
    if (flagged_cut_expected(event))
        return flagged_cut_write(out, event, err);
    if (!flagged_event_write(out, event, err))
        return false;
    if (!flagged_cut_needed(event, out->len))
        return true;
    buffer_clear(out);
    return flagged_cut_write(out, event, err);
}

bool
screener_screen(struct screener *screener, const struct matcher *matcher,
                struct span record, struct span default_id, int64_t now_wall_ms,
                bool replay, struct screened *out, struct error *err)
{
    out->matches = (struct match_list){0};
    out->event = SPAN_NONE;
    out->id[0] = '\0';
    out->flagged_at_ms = now_wall_ms;
    if (!post_read(screener->reader, record, &out->post, err))
        return false;
    const struct matcher_input input = {
        .fields =
            {[FIELD_TEXT] = out->post.text, [FIELD_TITLE] = out->post.title},
        .lang = out->post.lang,
    };
    if (!matcher_scan(matcher, screener->scanner, &input, &out->matches, err))
        return false;
    bool nameless = !out->post.id.at && default_id.at;
    if (nameless && !give_id(screener, &out->post, default_id, err))
        return false;
    if (out->matches.count == 0)
        return true;
    if (!post_read_head(screener->reader, &out->post, err))
        return false;
    if (nameless && !put_id(screener, &out->post, err))
        return false;

    flagged_event_id(&out->post, matcher_rules(matcher), out->id);
    char fingerprint[33];
    scanner_fingerprint(screener->scanner, fingerprint);
    const struct flagged_event event = {
        .id = out->id,
        .post = &out->post,
        .matches = &out->matches,
        .rules = matcher_rules(matcher),
        .fingerprint = fingerprint,
        .flagged_at_ms = now_wall_ms,
        .replay = replay,
    };
    if (!write_event(&screener->event, &event, err))
        return false;
    out->event = buffer_span(&screener->event);
    return true;
}
