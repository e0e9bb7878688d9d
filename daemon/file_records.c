#include "file_records.h"

#include "csv.h"
#include "utf8.h"

enum {
    /* An answer is not larger than this, but for a single record. */
    BODY_ENOUGH = 4 * 1000 * 1000,
    /* The array around it must still be within what json.h reads. */
    RECORD_DEPTH = 98,
    COLUMNS_MAX = 1000,
};

void
file_records_start(struct file_records *records, size_t max)
{
    buffer_clear(&records->body);
    buffer_append_byte(&records->body, '[');
    records->count = 0;
    records->max = max;
}

static void
separate(struct file_records *records)
{
    if (records->count++ > 0)
        buffer_append_byte(&records->body, ',');
}

static bool
full(const struct file_records *records)
{
    return records->count >= records->max || records->body.len >= BODY_ENOUGH ||
           records->body.failed;
}

void
file_records_error(struct file_records *records, const char *why)
{
    struct json_writer *writer = records->writer;
    separate(records);
    json_writer_reset(writer, &records->body);
    json_open_object(writer);
    json_key(writer, "karool_error");
    json_cstring(writer, why);
    if (records->line) {
        json_key(writer, "karool_line");
        json_integer(writer, (int64_t)records->line);
    }
    json_close_object(writer);
}

bool
file_records_end(struct file_records *records, struct error *err)
{
    buffer_append_byte(&records->body, ']');
    return buffer_ok(&records->body) || error_no_memory(err);
}

static void
add_line(struct file_records *records, struct span line)
{
    static const struct json_limits limits = {.depth = RECORD_DEPTH};
    struct error err = {0};
    if (line.len > FILE_RECORD_MAX) {
        file_records_error(records, "a line of more than 10 MB");
        return;
    }
    arena_clear(records->arena);
    const struct json *record = json_parse(records->arena, line, &limits, &err);
    if (!record)
        file_records_error(records, err.message);
    else if (record->kind != JSON_OBJECT)
        file_records_error(records, "the line is not a JSON object");
    else {
        separate(records);
        buffer_append_span(&records->body, line);
    }
}

size_t
file_records_ndjson(struct file_records *records, struct span text)
{
    size_t taken = 0;
    while (taken < text.len && !full(records)) {
        struct span rest = span_from(text, taken);
        const char *end = memchr(rest.at, '\n', rest.len);
        if (!end && !records->complete)
            break;
        size_t len = end ? (size_t)(end - rest.at) : rest.len;
        struct span line = span_trim((struct span){rest.at, len});
        if (span_starts(line, "\xEF\xBB\xBF"))
            line = span_from(line, 3);
        if (line.len)
            add_line(records, line);
        taken += len + (end ? 1 : 0);
        if (records->line)
            records->line++;
    }
    records->stopped = full(records);
    return taken;
}

static void
add_row(struct file_records *records, const struct csv_row *row)
{
    struct json_writer *writer = records->writer;
    const struct text_list *header = &records->header;
    for (size_t i = header->count; i < row->count; i++) {
        if (row->cells[i].text.len == 0)
            continue;
        file_records_error(records, "the row has more cells than the header");
        return;
    }
    separate(records);
    json_writer_reset(writer, &records->body);
    json_open_object(writer);
    for (size_t i = 0; i < header->count && i < row->count; i++) {
        if (header->items[i].len == 0)
            continue;
        json_key_span(writer, header->items[i]);
        json_string(writer, row->cells[i].text);
    }
    json_close_object(writer);
}

/* A row that was broken off at the end of the text may go on. */
static bool
cut_off(const struct csv_reader *reader)
{
    return !reader->complete && reader->offset == reader->text.len &&
           reader->offset > 0 && reader->text.at[reader->offset - 1] != '\n';
}

size_t
file_records_csv(struct file_records *records, struct span text)
{
    struct csv_reader reader;
    csv_start(&reader, text, records->delimiter);
    reader.offset = 0; /* a BOM is the header's */
    reader.complete = records->complete;
    uint64_t before = records->line;
    size_t taken = 0;
    while (!full(records)) {
        struct csv_row row = {0};
        arena_clear(records->arena);
        enum csv_result result = csv_read(&reader, records->arena, &row);
        if (result == CSV_NO_MEMORY)
            records->body.failed = true;
        if (result == CSV_END && reader.offset == text.len)
            taken = text.len;
        if (result == CSV_END || result == CSV_NO_MEMORY ||
            (result == CSV_BROKEN && cut_off(&reader)))
            break;
        if (before)
            records->line = before + row.line - 1;
        if (result == CSV_BROKEN)
            file_records_error(records, "a quote that is not closed, or text "
                                        "after a closing one");
        else
            add_row(records, &row);
        taken = reader.offset;
        if (before)
            records->line = before + reader.line - 1;
    }
    records->stopped = full(records);
    return taken;
}

static bool
check_encoding(struct span text, struct error *err)
{
    if (span_starts(text, "\xFF\xFE") || span_starts(text, "\xFE\xFF") ||
        memchr(text.at, '\0', text.len))
        return error_set(err, ERROR_RECORD,
                         "the file is UTF-16; save it as CSV UTF-8");
    if (!utf8_clean(text))
        return error_set(err, ERROR_RECORD,
                         "the header row is not UTF-8; save the file as CSV "
                         "UTF-8");
    return true;
}

bool
file_records_header(struct file_records *records, struct arena *arena,
                    struct span text, size_t *taken, struct error *err)
{
    struct csv_reader reader;
    struct csv_row row = {0};
    *taken = 0;
    const char *end = text.len ? memchr(text.at, '\n', text.len) : NULL;
    struct span line = {text.at, end ? (size_t)(end - text.at) : text.len};
    if (!end && !records->complete)
        return true;
    if (line.len && !check_encoding(line, err))
        return false;
    records->delimiter = csv_delimiter(line);
    csv_start(&reader, text, records->delimiter);
    reader.complete = records->complete;
    switch (csv_read(&reader, arena, &row)) {
    case CSV_END:
        return true;
    case CSV_BROKEN:
        return error_set(err, ERROR_RECORD, "the header row cannot be read");
    case CSV_NO_MEMORY:
        return error_no_memory(err);
    case CSV_ROW:
        break;
    }
    if (row.count > COLUMNS_MAX)
        return error_set(err, ERROR_RECORD, "more than %d columns",
                         COLUMNS_MAX);
    struct span *names = arena_alloc(arena, row.count * sizeof(*names));
    for (size_t i = 0; names && i < row.count; i++) {
        names[i] = span_trim(row.cells[i].text);
        names[i].at = arena_copy(arena, names[i]);
        if (!names[i].at)
            return error_no_memory(err);
    }
    records->header = (struct text_list){.items = names, .count = row.count};
    records->has_header = true;
    *taken = reader.offset;
    return names || error_no_memory(err);
}
