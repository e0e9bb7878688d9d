#include "flagged_cut.h"

#include "arena.h"
#include "utf8.h"

/* What is cut last: a match that long, its parts and the text around it fit
 * even if each of their bytes becomes \u0000 in JSON. */
#define STRETCH_LEAST ((size_t)32 * 1024)
#define MATCH_MOST (STRETCH_LEAST - 8) /* whole characters around it */
#define SCALAR_MOST ((size_t)8 * 1024)

/* How much is kept, most first. */
static const struct attempt {
    size_t stretch_bytes, match_count;
} attempts[] = {
    {(size_t)512 * 1024, FLAGGED_MATCHES_MAX},
    {(size_t)128 * 1024, FLAGGED_MATCHES_MAX},
    {STRETCH_LEAST, FLAGGED_MATCHES_MAX},
    {(size_t)128 * 1024, 8},
    {STRETCH_LEAST, 8},
    {STRETCH_LEAST, 1},
};

/* What is left of a field. */
struct stretch {
    struct span text;
    struct extent place; /* where it begins in the field; bytes: and ends */
};

struct cutting {
    const struct flagged_event *event;
    const struct match *anchor;
    struct arena *arena;
    struct stretch stretches[FIELD_COUNT];
    struct match *kept;
    size_t kept_count;
};

static size_t
extent_len(const struct extent *extent)
{
    return extent->bytes[1] - extent->bytes[0];
}

bool
flagged_cut_needed(const struct flagged_event *event, size_t size_bytes)
{
    return size_bytes + 2 * event->post->id.len > FLAGGED_SIZE_MAX;
}

bool
flagged_cut_expected(const struct flagged_event *event)
{
    const struct match_list *matches = event->matches;
    size_t size_bytes = event->post->head.len;
    for (size_t i = 0; i < matches->count && i < FLAGGED_MATCHES_MAX; i++) {
        const struct match *match = &matches->items[i];
        size_bytes += extent_len(&match->extent);
        for (size_t j = 0; j < match->part_count; j++)
            size_bytes += extent_len(&match->parts[j].extent);
    }
    return flagged_cut_needed(event, size_bytes);
}

/* The gravest that is sure to fit. */
static const struct match *
find_anchor(const struct match_list *matches)
{
    for (size_t i = 0; i < matches->count; i++)
        if (extent_len(&matches->items[i].extent) <= MATCH_MOST)
            return &matches->items[i];
    return NULL;
}

/* The begin where it reaches, else the match in the middle. */
static void
choose_stretch(struct cutting *cutting, enum match_field field, size_t most)
{
    const struct post *post = cutting->event->post;
    struct span whole = field == FIELD_TITLE ? post->title : post->text;
    const struct match *anchor = cutting->anchor;
    struct stretch *stretch = &cutting->stretches[field];
    *stretch = (struct stretch){0};
    if (!whole.at)
        return;
    size_t from = 0, len = whole.len < most ? whole.len : most;
    if (anchor->field == field && anchor->extent.bytes[1] > len) {
        size_t around = (most - extent_len(&anchor->extent)) / 2;
        from = anchor->extent.bytes[0] - around;
        from = from + len > whole.len ? whole.len - len : from;
    }
    size_t to = from + len;
    while (from < to && ((unsigned char)whole.at[from] & 0xC0) == 0x80)
        from++;
    struct span before = {whole.at, from};
    stretch->text = span_from(whole, from);
    stretch->text.len = utf8_cut(stretch->text, to - from);
    stretch->place = (struct extent){
        .code_points = {utf8_count(before)},
        .utf16 = {utf8_utf16_count(before)},
        .bytes = {from, from + stretch->text.len},
    };
}

static void
move_extent(struct extent *extent, const struct extent *place)
{
    for (int i = 0; i < 2; i++) {
        extent->code_points[i] -= place->code_points[0];
        extent->utf16[i] -= place->utf16[0];
        extent->bytes[i] -= place->bytes[0];
    }
}

static bool
is_inside(const struct extent *extent, const struct extent *place)
{
    return extent->bytes[0] >= place->bytes[0] &&
           extent->bytes[1] <= place->bytes[1];
}

static bool
keep_match(struct cutting *cutting, const struct match *match)
{
    const struct extent *place = &cutting->stretches[match->field].place;
    struct match *kept = &cutting->kept[cutting->kept_count++];
    *kept = *match;
    move_extent(&kept->extent, place);
    kept->parts = arena_alloc(cutting->arena,
                              (match->part_count + 1) * sizeof(*kept->parts));
    for (size_t i = 0; kept->parts && i < match->part_count; i++) {
        kept->parts[i] = match->parts[i];
        move_extent(&kept->parts[i].extent, place);
    }
    return kept->parts != NULL;
}

/* The gravest first; of `most`, one is the anchor. */
static bool
keep_matches(struct cutting *cutting, size_t most)
{
    const struct match_list *matches = cutting->event->matches;
    bool anchored = false, ok = true;
    cutting->kept_count = 0;
    for (size_t i = 0; ok && i < matches->count; i++) {
        const struct match *match = &matches->items[i];
        bool is_anchor = match == cutting->anchor;
        if (cutting->kept_count + !anchored + !is_anchor <= most &&
            is_inside(&match->extent,
                      &cutting->stretches[match->field].place)) {
            ok = keep_match(cutting, match);
            anchored = anchored || is_anchor;
        }
    }
    return ok;
}

/* A scalar that long is not what it says. */
static void
drop_long(struct span *scalar)
{
    if (scalar->len > SCALAR_MOST)
        *scalar = SPAN_NONE;
}

static bool
write_head(const struct cutting *cutting, struct buffer *out, struct error *err)
{
    struct post post = *cutting->event->post;
    struct span *scalars[] = {
        &post.network,   &post.source,     &post.kind,      &post.url,
        &post.author_id, &post.created_at, &post.edited_at, &post.fetched_at,
        &post.lang,      &post.reply_to,   &post.likes,     &post.reposts,
        &post.comments,  &post.views,
    };
    for (size_t i = 0; i < COUNT_OF(scalars); i++)
        drop_long(scalars[i]);
    post.text = cutting->stretches[FIELD_TEXT].text;
    post.title = cutting->stretches[FIELD_TITLE].text;
    post.raw = SPAN_NONE;
    post.truncated = true;
    return post_write_uncut(out, &post, err);
}

static bool
write_attempt(struct cutting *cutting, const struct attempt *attempt,
              struct buffer *out, struct error *err)
{
    const struct match_list *matches = cutting->event->matches;
    CLEANUP(buffer_done) struct buffer head = {0};
    for (int field = 0; field < FIELD_COUNT; field++)
        choose_stretch(cutting, field, attempt->stretch_bytes);
    if (!keep_matches(cutting, attempt->match_count))
        return error_no_memory(err);
    if (!write_head(cutting, &head, err))
        return false;
    struct post post = *cutting->event->post;
    post.head = buffer_span(&head);
    post.text = cutting->stretches[FIELD_TEXT].text;
    post.title = cutting->stretches[FIELD_TITLE].text;
    struct match_list kept = *matches;
    kept.items = cutting->kept;
    kept.count = cutting->kept_count;
    struct flagged_event event = *cutting->event;
    event.post = &post;
    event.matches = &kept;
    event.unlisted = matches->count - kept.count;
    return flagged_event_write(out, &event, err);
}

bool
flagged_cut_write(struct buffer *out, const struct flagged_event *event,
                  struct error *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct cutting cutting = {
        .event = event,
        .anchor = find_anchor(event->matches),
        .arena = arena,
    };
    if (!arena)
        return error_no_memory(err);
    if (!cutting.anchor)
        return error_set(err, ERROR_RECORD,
                         "its event would be larger than 900 KB, and each "
                         "match is longer than 32 KB");
    cutting.kept =
        arena_alloc(arena, (FLAGGED_MATCHES_MAX + 1) * sizeof(*cutting.kept));
    if (!cutting.kept)
        return error_no_memory(err);
    size_t start = out->len;
    for (size_t i = 0; i < COUNT_OF(attempts); i++) {
        out->len = start;
        if (!write_attempt(&cutting, &attempts[i], out, err))
            return false;
        if (!flagged_cut_needed(event, out->len - start))
            return true;
    }
    out->len = start;
    return error_set(err, ERROR_RECORD,
                     "its event would be larger than 900 KB: its id and "
                     "version are %zu bytes long",
                     event->post->id.len + event->post->version.len);
}
