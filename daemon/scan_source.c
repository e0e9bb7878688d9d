#include "scan_source.h"

#include <string.h>
#include <strings.h>

#include "json_string.h"
#include "utf8.h"

/* Columns that become members; others have no meaning for the screen. */
static const char *const members[] = {
    "id",        "version",    "network", "source",   "kind",
    "url",       "author",     "lang",    "reply_to", "created_at",
    "edited_at", "fetched_at", "title",   "text",
};

static const char *
member_of(struct span column)
{
    column = span_trim(column);
    if (column.len == strlen("author_id") &&
        !strncasecmp(column.at, "author_id", column.len))
        return "author";
    for (size_t i = 0; i < COUNT_OF(members); i++)
        if (column.len == strlen(members[i]) &&
            !strncasecmp(column.at, members[i], column.len))
            return members[i];
    return NULL;
}

/* Which of the two would be screened? */
static bool
named_before(const struct scan_source *source, size_t column)
{
    const char *member = source->columns[column];
    for (size_t i = 0; member && i < column; i++)
        if (source->columns[i] && strcmp(source->columns[i], member) == 0)
            return true;
    return false;
}

static bool
take_columns(struct scan_source *source, const struct csv_row *row,
             struct error *err)
{
    bool text = false;
    CLEANUP(buffer_done) struct buffer names = {0};
    source->column_count =
        row->count < SCAN_COLUMNS_MAX ? row->count : SCAN_COLUMNS_MAX;
    for (size_t i = 0; i < source->column_count; i++) {
        source->columns[i] = member_of(row->cells[i].text);
        if (named_before(source, i))
            return error_set(err, ERROR_CONFIG,
                             "%s:1: two columns are named \"%.*s\"",
                             source->name, SPAN_ARGS(row->cells[i].text));
        text |= source->columns[i] && !strcmp(source->columns[i], "text");
        buffer_append_text(&names, i ? ", " : "");
        buffer_append_span(&names, row->cells[i].text);
    }
    if (!text && !utf8_clean(buffer_span(&names)))
        return error_set(err, ERROR_CONFIG,
                         "%s:1: not UTF-8 (UTF-16, windows-1251?): convert it "
                         "with iconv first",
                         source->name);
    return text ||
           error_set(err, ERROR_CONFIG,
                     "%s:1: no column is named \"text\"; the header row has: "
                     "%s",
                     source->name, buffer_text(&names));
}

bool
scan_source_header(struct scan_source *source, struct span rows,
                   struct csv_reader *header, struct error *err)
{
    const char *end = memchr(rows.at, '\n', rows.len);
    struct span line = {rows.at, end ? (size_t)(end - rows.at) : rows.len};
    source->delimiter = csv_delimiter(line);
    csv_start(header, rows, source->delimiter);
    header->complete = true;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    if (!arena)
        return error_no_memory(err);
    struct csv_row row;
    switch (csv_read(header, arena, &row)) {
    case CSV_ROW:
        return take_columns(source, &row, err);
    case CSV_NO_MEMORY:
        return error_no_memory(err);
    case CSV_BROKEN:
    case CSV_END:
        break;
    }
    return error_set(err, ERROR_CONFIG, "%s:1: this is no header row of CSV",
                     source->name);
}

void
scan_source_record(const struct scan_source *source, const struct csv_row *row,
                   struct buffer *out)
{
    const char *separator = "{";
    for (size_t i = 0; i < row->count && i < source->column_count; i++) {
        const char *member = source->columns[i];
        struct span cell = row->cells[i].text;
        if (!member || (cell.len == 0 && strcmp(member, "text") != 0))
            continue;
        bool author = strcmp(member, "author") == 0;
        buffer_printf(out, "%s\"%s\":%s\"", separator, member,
                      author ? "{\"id\":" : "");
        json_string_encode(out, cell);
        buffer_append_text(out, author ? "\"}" : "\"");
        separator = ",";
    }
    buffer_append_text(out, *separator == '{' ? "{}" : "}");
}
