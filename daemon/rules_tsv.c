#include "csv.h"
#include "rules_loader.h"
#include "utf8.h"

/* Only what can hold several values is divided at `|`. */
static bool
holds_several(struct span name)
{
    static const char *const several[] = {"role",      "variants", "except",
                                          "forms",     "flag",     "pass",
                                          "disguises", "clean",    "only_lang"};
    for (size_t i = 0; i < COUNT_OF(several); i++)
        if (span_is(name, several[i]))
            return true;
    return false;
}

static void
divide_cell(struct rules_loader *loader, const struct csv_cell *cell,
            const char *file, struct rules_field *field)
{
    size_t most = 1;
    for (size_t i = 0; i < cell->text.len; i++)
        most += cell->text.at[i] == '|';
    field->values = rules_alloc(loader, most * sizeof(*field->values));
    struct span rest = cell->text;
    bool several = holds_several(field->name);
    while (field->values) {
        const char *bar =
            several && rest.len ? memchr(rest.at, '|', rest.len) : NULL;
        struct span part = {rest.at, bar ? (size_t)(bar - rest.at) : rest.len};
        struct span text = span_trim(part);
        struct span before = {cell->text.at, (size_t)(text.at - cell->text.at)};
        unsigned column = cell->column + (unsigned)utf8_count(before);
        if (text.len)
            field->values[field->count++] =
                (struct rules_value){{rules_copy(loader, text), text.len},
                                     {file, cell->line, column}};
        if (!bar)
            return;
        rest = span_from(rest, part.len + 1);
    }
}

static void
read_row(struct rules_loader *loader, const char *file,
         const struct csv_row *header, const struct csv_row *row)
{
    struct rules_field *fields =
        rules_alloc(loader, (row->count + 1) * sizeof(*fields));
    size_t count = 0, filled = 0;
    for (size_t i = 0; fields && i < row->count; i++) {
        struct place place = {file, row->cells[i].line, row->cells[i].column};
        if (i >= header->count) {
            if (span_trim(row->cells[i].text).len)
                diagnostics_error(loader->diagnostics, place,
                                  "this row has more cells than the header: "
                                  "is there a stray tab?");
            break;
        }
        struct rules_field *field = &fields[count++];
        *field = (struct rules_field){.name = span_trim(header->cells[i].text),
                                      .place = place};
        divide_cell(loader, &row->cells[i], file, field);
        filled += field->count;
    }
    if (filled)
        rules_term_read(loader, fields, count,
                        (struct place){file, row->line, 1});
}

static bool
header_is_sound(struct rules_loader *loader, const char *file,
                const struct csv_row *header)
{
    bool sound = true, has_term = false;
    for (size_t i = 0; i < header->count; i++) {
        struct span name = span_trim(header->cells[i].text);
        struct place place = {file, header->cells[i].line,
                              header->cells[i].column};
        has_term = has_term || span_is(name, "term");
        bool known = name.len == 0;
        for (size_t j = 0; rules_term_keys[j] && !known; j++)
            known = span_is(name, rules_term_keys[j]);
        for (size_t j = 0; j < i && name.len; j++)
            if (span_equal(name, span_trim(header->cells[j].text))) {
                diagnostics_error(loader->diagnostics, place,
                                  "the column '%.*s' stands twice",
                                  SPAN_ARGS(name));
                sound = false;
            }
        if (!known) {
            rules_unknown_key(loader, name, place, rules_term_keys);
            sound = false;
        }
    }
    if (!has_term) {
        diagnostics_error(loader->diagnostics, (struct place){file, 1, 1},
                          "no column is called 'term': the first row names "
                          "the columns, divided by tabs (save as text with "
                          "tabs, not with commas)");
        sound = false;
    }
    return sound;
}

static bool
is_utf8(struct rules_loader *loader, const char *file, struct span text)
{
    unsigned line = 1, column = 1;
    /* What Excel calls "Unicode text". */
    bool wide = text.len >= 2 && (memcmp(text.at, "\xFF\xFE", 2) == 0 ||
                                  memcmp(text.at, "\xFE\xFF", 2) == 0);
    for (size_t offset = 0; offset < text.len; column++) {
        bool valid;
        uint32_t code_point = utf8_next(text, &offset, &valid);
        if (!valid || code_point == 0) {
            diagnostics_error(
                loader->diagnostics, (struct place){file, line, column},
                "not UTF-8%s: in the spreadsheet choose Save as, Text with "
                "tabs, and the character set Unicode (UTF-8)",
                wide ? " but UTF-16" : " (windows-1251?)");
            return false;
        }
        if (code_point == '\n') {
            line++;
            column = 0;
        }
    }
    return true;
}

void
rules_read_tsv(struct rules_loader *loader, const char *file, struct span text)
{
    file = rules_copy(loader, span_of(file));
    if (!is_utf8(loader, file, text))
        return;
    loader->defaults = (struct rules_defaults){
        .lang = "",
        .review = "draft",
        .source = "",
        .category = RULES_NONE,
        .disguises = rules_disguises_all(),
    };
    struct csv_reader reader;
    csv_start(&reader, text, '\t');
    struct csv_row header, row;
    if (csv_read(&reader, loader->arena, &header) != CSV_ROW) {
        diagnostics_error(loader->diagnostics, (struct place){file, 1, 1},
                          "the file is empty: its first row names the columns");
        return;
    }
    if (!header_is_sound(loader, file, &header))
        return;
    for (;;) {
        switch (csv_read(&reader, loader->arena, &row)) {
        case CSV_ROW:
            read_row(loader, file, &header, &row);
            break;
        case CSV_BROKEN:
            diagnostics_error(loader->diagnostics,
                              (struct place){file, row.line, 1},
                              "a quote that is opened in this row is not "
                              "closed, or text follows it: a cell that holds "
                              "a quote is written \"like \"\"this\"\"\"");
            break;
        case CSV_NO_MEMORY:
            loader->no_memory = true;
            return;
        case CSV_END:
            return;
        }
    }
}
