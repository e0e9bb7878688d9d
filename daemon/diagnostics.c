#include "diagnostics.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <strings.h>

#include "arena.h"
#include "redact.h"

struct diagnostic {
    enum diagnostic_level level;
    struct place place;
    size_t file_order; /* when its file was first mentioned */
    size_t order;
    const char *message;
};

struct diagnostics {
    struct arena *arena;
    struct diagnostic *items;
    size_t count, capacity;
    size_t errors, warnings;
    bool lost; /* memory ran out: the error count still is right */
};

struct diagnostics *
diagnostics_new(void)
{
    struct diagnostics *diagnostics = calloc(1, sizeof(*diagnostics));
    if (!diagnostics)
        return NULL;
    diagnostics->arena = arena_new();
    if (!diagnostics->arena) {
        free(diagnostics);
        return NULL;
    }
    return diagnostics;
}

void
diagnostics_free(struct diagnostics *diagnostics)
{
    if (!diagnostics)
        return;
    arena_free(diagnostics->arena);
    free(diagnostics);
}

void
diagnostics_freep(struct diagnostics **diagnostics)
{
    diagnostics_free(*diagnostics);
}

static size_t
file_order(const struct diagnostics *diagnostics, const char *file)
{
    for (size_t i = 0; i < diagnostics->count; i++)
        if (strcmp(diagnostics->items[i].place.file, file) == 0)
            return diagnostics->items[i].file_order;
    return diagnostics->count;
}

static void PRINTF(4, 0)
    diagnostics_add(struct diagnostics *diagnostics,
                    enum diagnostic_level level, struct place place,
                    const char *format, va_list args)
{
    if (level == DIAGNOSTIC_ERROR)
        diagnostics->errors++;
    else
        diagnostics->warnings++;

    CLEANUP(buffer_done) struct buffer message = {0};
    buffer_vprintf(&message, format, args);
    redact_text(&message);

    const char *file = place.file ? place.file : "";
    size_t len = strlen(file);
    /* An error of reading a file names it, too. */
    if (len && span_starts(buffer_span(&message), file) &&
        strncmp(buffer_text(&message) + len, ": ", 2) == 0)
        buffer_consume(&message, len + 2);
    struct diagnostic item = {
        .level = level,
        .file_order = file_order(diagnostics, file),
        .order = diagnostics->count,
        .message = arena_copy(diagnostics->arena, buffer_span(&message)),
        .place = {arena_copy(diagnostics->arena, span_of(file)), place.line,
                  place.column},
    };
    struct diagnostic *items =
        arena_grow(diagnostics->arena, diagnostics->items, diagnostics->count,
                   &diagnostics->capacity, sizeof(item));
    if (!items || !item.message || !item.place.file) {
        diagnostics->lost = true;
        return;
    }
    diagnostics->items = items;
    diagnostics->items[diagnostics->count++] = item;
}

void
diagnostics_error(struct diagnostics *diagnostics, struct place place,
                  const char *format, ...)
{
    va_list args;
    va_start(args, format);
    diagnostics_add(diagnostics, DIAGNOSTIC_ERROR, place, format, args);
    va_end(args);
}

void
diagnostics_warning(struct diagnostics *diagnostics, struct place place,
                    const char *format, ...)
{
    va_list args;
    va_start(args, format);
    diagnostics_add(diagnostics, DIAGNOSTIC_WARNING, place, format, args);
    va_end(args);
}

size_t
diagnostics_errors(const struct diagnostics *diagnostics)
{
    return diagnostics->errors;
}

size_t
diagnostics_warnings(const struct diagnostics *diagnostics)
{
    return diagnostics->warnings;
}

static int
compare(const void *left, const void *right)
{
    const struct diagnostic *a = *(const struct diagnostic *const *)left;
    const struct diagnostic *b = *(const struct diagnostic *const *)right;
    if (a->file_order != b->file_order)
        return a->file_order < b->file_order ? -1 : 1;
    if (a->place.line != b->place.line)
        return a->place.line < b->place.line ? -1 : 1;
    if (a->place.column != b->place.column)
        return a->place.column < b->place.column ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static void
write_one(const struct diagnostic *item, struct buffer *out, bool colour)
{
    bool error = item->level == DIAGNOSTIC_ERROR;
    if (item->place.file[0])
        buffer_printf(out, "%s:", item->place.file);
    if (item->place.line)
        buffer_printf(out, "%u:", item->place.line);
    if (item->place.line && item->place.column)
        buffer_printf(out, "%u:", item->place.column);
    if (item->place.file[0])
        buffer_append_byte(out, ' ');
    if (colour)
        buffer_append_text(out, error ? "\033[1;31m" : "\033[1;33m");
    buffer_append_text(out, error ? "error:" : "warning:");
    if (colour)
        buffer_append_text(out, "\033[0m");
    buffer_printf(out, " %s\n", item->message);
}

void
diagnostics_write(const struct diagnostics *diagnostics, struct buffer *out,
                  bool colour)
{
    const struct diagnostic **sorted =
        calloc(diagnostics->count + 1, sizeof(const struct diagnostic *));
    for (size_t i = 0; sorted && i < diagnostics->count; i++)
        sorted[i] = &diagnostics->items[i];
    if (sorted)
        qsort(sorted, diagnostics->count, sizeof(sorted[0]), compare);
    for (size_t i = 0; i < diagnostics->count; i++)
        write_one(sorted ? sorted[i] : &diagnostics->items[i], out, colour);
    free(sorted);
    if (diagnostics->lost)
        buffer_append_text(out, "error: out of memory, not all is listed\n");
}

enum { NEAREST_LONGEST = 64 };

/* Levenshtein's distance in bytes, case aside. */
static size_t
distance(struct span a, struct span b)
{
    size_t row[NEAREST_LONGEST + 1];
    for (size_t j = 0; j <= b.len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t above = row[j];
            bool same = strncasecmp(a.at + i - 1, b.at + j - 1, 1) == 0;
            size_t best = diagonal + !same;
            if (above + 1 < best)
                best = above + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
            diagonal = above;
        }
    }
    return row[b.len];
}

const char *
diagnostics_nearest(struct span word, const char *const *candidates)
{
    const char *nearest = NULL;
    size_t least = SIZE_MAX;
    if (word.len == 0 || word.len > NEAREST_LONGEST)
        return NULL;
    for (; *candidates; candidates++) {
        struct span candidate = span_of(*candidates);
        if (candidate.len > NEAREST_LONGEST)
            continue;
        size_t longer = candidate.len > word.len ? candidate.len : word.len;
        size_t steps = distance(word, candidate);
        if (3 * steps <= longer && steps < least) {
            least = steps;
            nearest = *candidates;
        }
    }
    return nearest;
}
