#include "scan_rows.h"

static void
append_cell(struct buffer *out, struct span text)
{
    buffer_append_byte(out, '"');
    if (text.len && text.at[0] && strchr("=+-@\t\r", text.at[0]))
        buffer_append_byte(out, '\'');
    for (size_t start = 0; start < text.len;) {
        struct span rest = span_from(text, start);
        const char *quote = memchr(rest.at, '"', rest.len);
        size_t len = quote ? (size_t)(quote - rest.at) + 1 : rest.len;
        buffer_append(out, rest.at, len);
        if (quote)
            buffer_append_byte(out, '"');
        start += len;
    }
    buffer_append_byte(out, '"');
}

static void
append_text(struct buffer *out, const char *text)
{
    append_cell(out, span_of(text));
    buffer_append_byte(out, ',');
}

static void
append_span(struct buffer *out, struct span text)
{
    append_cell(out, text);
    buffer_append_byte(out, ',');
}

void
scan_rows_header(struct buffer *out)
{
    buffer_append_text(
        out, "\xEF\xBB\xBFpost,url,created_at,author,severity,category,entry,"
             "kind,found,form,through,field,start,end,title,text\r\n");
}

static void
append_through(struct buffer *out, unsigned through)
{
    const char *separator = "";
    buffer_append_byte(out, '"');
    for (unsigned bit = 0; bit < DISGUISE_COUNT; bit++) {
        if (!(through & 1u << bit))
            continue;
        buffer_printf(out, "%s%s", separator, disguise_name(bit));
        separator = " ";
    }
    buffer_append_text(out, "\",");
}

static void
append_row(struct buffer *out, const struct post *post,
           const struct match *match, const struct rules *rules)
{
    bool title = match->field == FIELD_TITLE;
    struct span field = title ? post->title : post->text;
    const size_t *bytes = match->extent.bytes;
    append_span(out, post->id);
    append_span(out, post->url);
    append_span(out, post->created_at);
    append_span(out, post->author_id);
    buffer_printf(out, "%d,", match->severity);
    append_text(out, match->category == RULES_NONE
                         ? ""
                         : rules->categories[match->category].id);
    append_text(out, match->term ? match->term->id : match->rule->id);
    append_text(out, match->term ? "term" : "rule");
    append_span(out, (struct span){field.at + bytes[0], bytes[1] - bytes[0]});
    append_text(out, match_form_name(match->form));
    append_through(out, match->through);
    append_text(out, title ? "title" : "text");
    buffer_printf(out, "%zu,%zu,", match->extent.code_points[0],
                  match->extent.code_points[1]);
    append_span(out, post->title);
    append_cell(out, post->text);
    buffer_append_text(out, "\r\n");
}

void
scan_rows_append(struct buffer *out, const struct screened *screened,
                 const struct rules *rules)
{
    for (size_t i = 0; i < screened->matches.count; i++)
        append_row(out, &screened->post, &screened->matches.items[i], rules);
}
