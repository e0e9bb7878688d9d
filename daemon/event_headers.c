#include "event_headers.h"

void
event_headers_done(struct event_headers *headers)
{
    buffer_done(&headers->source);
    buffer_done(&headers->categories);
}

static void
add(struct event_headers *headers, const char *name, struct span value)
{
    headers->items[headers->count++] = (struct kafka_header){name, value};
}

static void
join_categories(struct buffer *out, const struct screened *screened,
                const struct rules *rules)
{
    for (size_t i = 0; i < rules->category_count && i < 64; i++)
        if (screened->matches.categories & (uint64_t)1 << i)
            buffer_printf(out, "%s%s", out->len ? "," : "",
                          rules->categories[i].id);
}

bool
event_headers_make(struct event_headers *headers, const char *campaign,
                   const struct screened *screened, const struct rules *rules,
                   bool replay, struct error *err)
{
    *headers = (struct event_headers){0};
    clock_format(screened->flagged_at_ms, headers->time);
    headers->severity[0] = (char)('0' + screened->matches.severity % 10);
    buffer_printf(&headers->source, "/karool/%s", campaign);
    join_categories(&headers->categories, screened, rules);
    if (!buffer_ok(&headers->source) || !buffer_ok(&headers->categories))
        return error_no_memory(err);
    add(headers, "ce_specversion", span_of("1.0"));
    add(headers, "ce_id", span_of(screened->id));
    add(headers, "ce_type", span_of("org.karool.flagged.v1"));
    add(headers, "ce_source", buffer_span(&headers->source));
    if (screened->post.id.len)
        add(headers, "ce_subject", screened->post.id);
    add(headers, "ce_time", span_of(headers->time));
    add(headers, "ce_dataschema", span_of(FLAGGED_DATASCHEMA));
    add(headers, "content-type", span_of("application/json"));
    add(headers, "severity", span_of(headers->severity));
    add(headers, "categories", buffer_span(&headers->categories));
    add(headers, "replay", span_of(replay ? "true" : "false"));
    return true;
}
