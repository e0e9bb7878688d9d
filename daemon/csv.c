#include "csv.h"

#include "utf8.h"

/* What is left of the text, from the reader's place on, while a row is read. */
struct csv_place {
    size_t offset;
    unsigned line;
    size_t counted;  /* up to where its line is counted */
    unsigned column; /* of that place */
};

void
csv_start(struct csv_reader *reader, struct span text, char delimiter)
{
    *reader = (struct csv_reader){
        .text = text, .line = 1, .delimiter = delimiter, .complete = true};
    if (text.len >= 3 && memcmp(text.at, "\xEF\xBB\xBF", 3) == 0)
        reader->offset = 3;
}

char
csv_delimiter(struct span header_line)
{
    const char delimiters[] = {',', ';', '\t'};
    size_t most = 0;
    char found = ',';
    for (size_t i = 0; i < sizeof(delimiters); i++) {
        size_t count = 0;
        for (size_t j = 0; j < header_line.len; j++)
            count += header_line.at[j] == delimiters[i];
        if (count > most) {
            most = count;
            found = delimiters[i];
        }
    }
    return found;
}

static bool
at_line_end(struct span text, size_t offset)
{
    return offset < text.len &&
           (text.at[offset] == '\n' ||
            (text.at[offset] == '\r' && offset + 1 < text.len &&
             text.at[offset + 1] == '\n'));
}

static void
skip_line_end(struct span text, struct csv_place *place)
{
    if (place->offset < text.len && text.at[place->offset] == '\r')
        place->offset++;
    if (place->offset < text.len) {
        place->offset++;
        place->line++;
    }
    place->counted = place->offset;
    place->column = 1;
}

/* A row may have a million cells: each is counted on from the one before. */
static unsigned
count_column(struct span text, struct csv_place *place)
{
    struct span between = {text.at + place->counted,
                           place->offset - place->counted};
    place->column += (unsigned)utf8_count(between);
    place->counted = place->offset;
    return place->column;
}

enum cell_result { CELL_DONE, CELL_OPEN, CELL_BROKEN, CELL_NO_MEMORY };

/* The cell after an opening quote. */
static enum cell_result
read_quoted(struct csv_reader *reader, struct arena *arena,
            struct csv_place *place, struct span *cell)
{
    struct span text = reader->text;
    size_t start = ++place->offset, doubled = 0;
    for (;; place->offset++) {
        if (place->offset == text.len)
            return CELL_OPEN;
        char c = text.at[place->offset];
        if (c == '\n') {
            place->line++;
            place->counted = place->offset + 1;
            place->column = 1;
        }
        if (c != '"')
            continue;
        if (place->offset + 1 < text.len && text.at[place->offset + 1] == '"') {
            doubled++;
            place->offset++;
            continue;
        }
        break;
    }
    *cell = (struct span){text.at + start, place->offset - start};
    place->offset++;
    if (doubled == 0)
        return CELL_DONE;

    char *copy = arena_alloc(arena, cell->len + 1);
    if (!copy)
        return CELL_NO_MEMORY;
    size_t len = 0;
    for (size_t i = 0; i < cell->len; i++) {
        copy[len++] = cell->at[i];
        if (cell->at[i] == '"')
            i++;
    }
    *cell = (struct span){copy, len};
    return CELL_DONE;
}

static enum cell_result
read_cell(struct csv_reader *reader, struct arena *arena,
          struct csv_place *place, struct csv_cell *cell)
{
    struct span text = reader->text;
    cell->line = place->line;
    cell->column = count_column(text, place);
    if (place->offset < text.len && text.at[place->offset] == '"') {
        enum cell_result result =
            read_quoted(reader, arena, place, &cell->text);
        if (result != CELL_DONE)
            return result;
        bool ended = place->offset == text.len ||
                     text.at[place->offset] == reader->delimiter ||
                     at_line_end(text, place->offset);
        return ended ? CELL_DONE : CELL_BROKEN;
    }
    size_t start = place->offset;
    while (place->offset < text.len &&
           text.at[place->offset] != reader->delimiter &&
           !at_line_end(text, place->offset))
        place->offset++;
    cell->text = (struct span){text.at + start, place->offset - start};
    return CELL_DONE;
}

/* Goes on after the next line end. */
static enum csv_result
row_broken(struct csv_reader *reader, struct csv_row *row)
{
    struct csv_place place = {.offset = reader->offset, .line = reader->line};
    while (place.offset < reader->text.len &&
           !at_line_end(reader->text, place.offset))
        place.offset++;
    skip_line_end(reader->text, &place);
    row->line = reader->line;
    reader->offset = place.offset;
    reader->line = place.line;
    return CSV_BROKEN;
}

enum csv_result
csv_read(struct csv_reader *reader, struct arena *arena, struct csv_row *row)
{
    struct span text = reader->text;
    struct csv_place place = {reader->offset, reader->line, reader->offset, 1};
    while (at_line_end(text, place.offset))
        skip_line_end(text, &place);
    reader->offset = place.offset;
    reader->line = place.line;
    if (place.offset == text.len)
        return CSV_END;

    *row = (struct csv_row){.line = place.line};
    size_t capacity = 0;
    for (;;) {
        struct csv_cell *cells = arena_grow(arena, row->cells, row->count,
                                            &capacity, sizeof(*cells));
        if (!cells)
            return CSV_NO_MEMORY;
        row->cells = cells;
        enum cell_result result =
            read_cell(reader, arena, &place, &cells[row->count]);
        if (result == CELL_NO_MEMORY)
            return CSV_NO_MEMORY;
        if (result == CELL_OPEN && !reader->complete)
            return CSV_END;
        if (result != CELL_DONE)
            return row_broken(reader, row);
        row->count++;
        if (place.offset == text.len ||
            text.at[place.offset] != reader->delimiter)
            break;
        place.offset++;
    }
    if (place.offset == text.len && !reader->complete)
        return CSV_END;
    skip_line_end(text, &place);
    reader->offset = place.offset;
    reader->line = place.line;
    return CSV_ROW;
}

/* The end of the row that starts at `start`, or 0: it goes on. */
static size_t
row_end(struct span text, size_t start, char delimiter)
{
    size_t at = start;
    while (at < text.len) {
        if (text.at[at] == '"') {
            at++;
            while (at < text.len &&
                   (text.at[at] != '"' ||
                    (at + 1 < text.len && text.at[at + 1] == '"')))
                at += text.at[at] == '"' ? 2 : 1;
            if (at >= text.len)
                return 0;
            at++;
            /* Text behind the quote: csv_read() gives up the line. */
            if (at < text.len && text.at[at] != delimiter &&
                !at_line_end(text, at)) {
                const char *end =
                    memchr(text.at + start, '\n', text.len - start);
                return end ? (size_t)(end - text.at) + 1 : 0;
            }
        }
        while (at < text.len && text.at[at] != delimiter && text.at[at] != '\n')
            at++;
        if (at < text.len && text.at[at++] == '\n')
            return at;
    }
    return 0;
}

size_t
csv_whole_rows(struct span text, char delimiter)
{
    size_t whole = 0;
    for (size_t end; (end = row_end(text, whole, delimiter)) != 0;)
        whole = end;
    return whole;
}
