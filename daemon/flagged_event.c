#include "flagged_event.h"

#include "clock.h"
#include "json.h"
#include "sha256.h"

void
flagged_event_id(const struct post *post, const struct rules *rules,
                 char out[FLAGGED_ID_SIZE])
{
    struct sha256 sha256;
    sha256_init(&sha256);
    sha256_add_field(&sha256, post->id);
    sha256_add_field(&sha256, post->version);
    sha256_add_field(&sha256, span_of(rules->digest));
    sha256_hex(&sha256, out);
}

static void
write_text(struct json_writer *writer, const char *key, const char *text)
{
    json_key(writer, key);
    json_string_or_null(writer, span_of(text));
}

static void
write_pair(struct json_writer *writer, const char *key, const size_t pair[2])
{
    json_key(writer, key);
    json_open_array(writer);
    json_integer(writer, (int64_t)pair[0]);
    json_integer(writer, (int64_t)pair[1]);
    json_close_array(writer);
}

static void
write_extent(struct json_writer *writer, struct span field,
             const struct extent *extent)
{
    json_key(writer, "text");
    json_string(writer, (struct span){field.at + extent->bytes[0],
                                      extent->bytes[1] - extent->bytes[0]});
    write_pair(writer, "span", extent->code_points);
    write_pair(writer, "utf16", extent->utf16);
    write_pair(writer, "bytes", extent->bytes);
}

static void
write_form(struct json_writer *writer, enum match_form form, unsigned through)
{
    write_text(writer, "form", match_form_name(form));
    json_key(writer, "through");
    json_open_array(writer);
    for (unsigned bit = 0; bit < DISGUISE_COUNT; bit++)
        if (through & 1u << bit)
            json_cstring(writer, disguise_name(bit));
    json_close_array(writer);
}

static void
write_part(struct json_writer *writer, struct span field,
           const struct match_part *part)
{
    json_open_object(writer);
    write_text(writer, "entry", part->term->id);
    write_text(writer, "role", part->role);
    write_extent(writer, field, &part->extent);
    write_form(writer, part->form, part->through);
    json_close_object(writer);
}

/* What the dictionary says of the entry. */
static void
write_entry(struct json_writer *writer, const struct rules *rules,
            const struct match *match)
{
    const struct term *term = match->term;
    const struct rule *rule = match->rule;
    write_text(writer, "entry", term ? term->id : rule->id);
    write_text(writer, "kind", term ? "term" : "rule");
    write_text(writer, "category",
               match->category == RULES_NONE
                   ? NULL
                   : rules->categories[match->category].id);
    json_key(writer, "severity");
    json_integer(writer, match->severity);
    write_text(writer, "lang", term ? term->lang : rule->lang);
    write_text(writer, "gloss", term ? term->gloss : rule->gloss);
    write_text(writer, "review", term ? term->review : rule->review);
    write_text(writer, "softened_by", match->softened_by);
    if (match->raised_by)
        write_text(writer, "raised_by", match->raised_by);
}

static void
write_match(struct json_writer *writer, const struct flagged_event *event,
            const struct match *match)
{
    bool title = match->field == FIELD_TITLE;
    struct span field = title ? event->post->title : event->post->text;
    json_open_object(writer);
    write_entry(writer, event->rules, match);
    write_text(writer, "field", title ? "title" : "text");
    write_extent(writer, field, &match->extent);
    write_form(writer, match->form, match->through);
    json_key(writer, "parts");
    json_open_array(writer);
    for (size_t i = 0; i < match->part_count; i++)
        write_part(writer, field, &match->parts[i]);
    json_close_array(writer);
    json_close_object(writer);
}

void
flagged_event_write_matches(struct json_writer *writer,
                            const struct flagged_event *event)
{
    const struct match_list *matches = event->matches;
    json_key(writer, "severity");
    json_integer(writer, matches->severity);
    json_key(writer, "categories");
    json_open_array(writer);
    for (size_t i = 0; i < event->rules->category_count && i < 64; i++)
        if (matches->categories & (uint64_t)1 << i)
            json_cstring(writer, event->rules->categories[i].id);
    json_close_array(writer);
    json_key(writer, "matches");
    json_open_array(writer);
    for (size_t i = 0; i < matches->count && i < FLAGGED_MATCHES_MAX; i++)
        write_match(writer, event, &matches->items[i]);
    json_close_array(writer);
    json_key(writer, "matches_total");
    json_integer(writer, (int64_t)(matches->count + event->unlisted));
}

bool
flagged_event_write(struct buffer *out, const struct flagged_event *event,
                    struct error *err)
{
    CLEANUP(json_writer_freep)
    struct json_writer *writer = json_writer_new(out);
    if (!writer)
        return error_no_memory(err);
    char flagged_at[CLOCK_TEXT_SIZE];
    clock_format(event->flagged_at_ms, flagged_at);

    json_open_object(writer);
    write_text(writer, "schema", FLAGGED_SCHEMA);
    write_text(writer, "id", event->id);
    write_text(writer, "flagged_at", flagged_at);
    json_key(writer, "replay");
    json_bool(writer, event->replay);
    flagged_event_write_matches(writer, event);
    write_text(writer, "fingerprint", event->fingerprint);
    json_key(writer, "post");
    json_raw(writer, event->post->head);
    json_key(writer, "rules");
    json_open_object(writer);
    write_text(writer, "version", event->rules->version);
    write_text(writer, "digest", event->rules->digest);
    json_close_object(writer);
    write_text(writer, "engine", "karool " KAROOL_VERSION);
    json_close_object(writer);
    return buffer_ok(out) || error_no_memory(err);
}
