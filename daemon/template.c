#include "template.h"

static const struct {
    const char *name;
    enum hole hole;
    bool prefix; /* a name follows */
} holes[] = {
    {"var.", HOLE_VARIABLE, true},  {"target.value", HOLE_TARGET_VALUE, false},
    {"target", HOLE_TARGET, false}, {"cursor", HOLE_CURSOR, false},
    {"page", HOLE_PAGE, false},     {"lookup.", HOLE_LOOKUP, true},
    {"r:", HOLE_RECORD, true},
};

static bool
hole_parse(struct span inside, struct template_part *part)
{
    const char *bar = memchr(inside.at, '|', inside.len);
    struct span name = {inside.at,
                        bar ? (size_t)(bar - inside.at) : inside.len};
    if (bar) {
        struct span filter = span_from(inside, name.len + 1);
        if (!span_is(filter, "path") && !span_is(filter, "query"))
            return false;
        part->filter = FILTER_ENCODE;
    }
    for (size_t i = 0; i < COUNT_OF(holes); i++) {
        bool found = holes[i].prefix ? span_starts(name, holes[i].name)
                                     : span_is(name, holes[i].name);
        if (!found)
            continue;
        part->hole = holes[i].hole;
        part->text =
            holes[i].prefix ? span_from(name, strlen(holes[i].name)) : name;
        return part->text.len > 0;
    }
    return false;
}

bool
template_compile(struct template *out, struct arena *arena, struct span text,
                 struct place place, struct diagnostics *diagnostics)
{
    size_t capacity = 0;
    char *copy = arena_copy(arena, text);
    *out = (struct template){0};
    if (!copy)
        return false;
    struct span rest = {copy, text.len};
    while (rest.len) {
        struct template_part part = {0};
        const char *open = memmem(rest.at, rest.len, "${", 2);
        size_t before = open ? (size_t)(open - rest.at) : rest.len;
        if (before > 0) {
            part.text = (struct span){rest.at, before};
            rest = span_from(rest, before);
        } else {
            const char *close = memchr(rest.at, '}', rest.len);
            struct span inside = {rest.at + 2,
                                  close ? (size_t)(close - rest.at) - 2 : 0};
            if (!close || !hole_parse(inside, &part)) {
                diagnostics_error(
                    diagnostics, place,
                    "'${%.*s}' is not known: holes are var.NAME, target, "
                    "target.value, cursor, page, lookup.NAME and r:/pointer, "
                    "with |path or |query behind where they are encoded",
                    SPAN_ARGS(inside));
                return false;
            }
            rest = span_from(rest, inside.len + 3);
        }
        struct template_part *parts = arena_grow(arena, out->parts, out->count,
                                                 &capacity, sizeof(*parts));
        if (!parts)
            return false;
        out->parts = parts;
        parts[out->count++] = part;
    }
    return true;
}

void
percent_encode(struct buffer *out, struct span text)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        bool plain =
            (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
            (byte >= 'a' && byte <= 'z') || (byte && strchr("-._~", byte));
        if (plain) {
            buffer_append_byte(out, (char)byte);
        } else {
            buffer_append_byte(out, '%');
            buffer_append_byte(out, hex[byte >> 4]);
            buffer_append_byte(out, hex[byte & 15]);
        }
    }
}

bool
template_expand(const struct template *template, struct buffer *out,
                bool encode, template_lookup *lookup, void *context)
{
    for (size_t i = 0; i < template->count; i++) {
        const struct template_part *part = &template->parts[i];
        if (part->hole == HOLE_TEXT) {
            buffer_append_span(out, part->text);
            continue;
        }
        struct span value = lookup(context, part);
        if (value.len == 0)
            return false;
        if (encode || part->filter == FILTER_ENCODE)
            percent_encode(out, value);
        else
            buffer_append_span(out, value);
    }
    return true;
}
