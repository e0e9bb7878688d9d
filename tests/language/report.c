/*
 * report.c - the language report: how many forms of a list are found from
 * their dictionary forms, by part of speech.
 *
 *   language_report [-v] [-f PERCENT] [-w WORDS] [-r FOLDER] LIST.tsv...
 *
 * A list has a heading and the columns lemma, pos (a grammar, or n, adj, v of
 * the list's language) and surface. With -f it fails when a grammar finds
 * less. With -w it prints which words of a word
 * list, one a line, are taken for forms of the lemmas instead.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "diagnostics.h"
#include "forms.h"
#include "map.h"

struct tally {
    const char *grammar;
    size_t found, all;
};

struct report {
    struct arena *arena;
    const struct morphology *morphology;
    struct map *terms; /* grammar and lemma to struct stem_words */
    struct tally tallies[32];
    size_t tally_count;
    bool verbose;
};

static const char *
grammar_of(const char *pos, const char *lemma)
{
    static const char *const table[][3] = {{"n", "ky-noun", "ru-noun"},
                                           {"adj", "ky-adj", "ru-adj"},
                                           {"v", "ky-verb", "ru-verb"}};
    const char *name = strrchr(lemma, '/');
    bool russian = name && strncmp(name + 1, "rus", 3) == 0;
    for (size_t i = 0; i < COUNT_OF(table); i++)
        if (strcmp(pos, table[i][0]) == 0)
            return table[i][russian ? 2 : 1];
    return pos;
}

static struct stem_words *
words_of(struct report *report, const char *grammar, const char *lemma)
{
    const char *key = arena_printf(report->arena, "%s %s", grammar, lemma);
    struct stem_words *words =
        key ? map_get(report->terms, span_of(key)) : NULL;
    int number = morphology_find(report->morphology, span_of(grammar));
    if (words || !key || number < 0)
        return words;
    size_t len;
    uint32_t *letters = forms_letters(report->arena, span_of(lemma), &len);
    words = arena_alloc(report->arena, sizeof(*words));
    if (!letters || !words ||
        !morphology_stems(report->morphology, number, letters, len, NULL, 0,
                          report->arena, words) ||
        !map_set(report->terms, span_of(key), words))
        return NULL;
    return words;
}

static struct tally *
tally_of(struct report *report, const char *grammar)
{
    for (size_t i = 0; i < report->tally_count; i++)
        if (strcmp(report->tallies[i].grammar, grammar) == 0)
            return &report->tallies[i];
    if (report->tally_count == COUNT_OF(report->tallies))
        return NULL;
    struct tally *tally = &report->tallies[report->tally_count++];
    tally->grammar = arena_copy(report->arena, span_of(grammar));
    return tally;
}

static bool
count_row(struct report *report, const char *path, char *line)
{
    char *lemma = strtok(line, "\t\r\n"), *pos = strtok(NULL, "\t\r\n");
    char *surface = strtok(NULL, "\t\r\n");
    if (!surface)
        return true;
    const char *grammar = grammar_of(pos, path);
    struct stem_words *words = words_of(report, grammar, lemma);
    struct tally *tally = tally_of(report, grammar);
    size_t len;
    uint32_t *letters = forms_letters(report->arena, span_of(surface), &len);
    if (!words || !tally || !letters) {
        fprintf(stderr, "%s: no grammar '%s'\n", path, grammar);
        return false;
    }
    bool found = forms_kinds(morphology_endings(report->morphology), words,
                             letters, len) != 0;
    tally->all++;
    tally->found += found;
    if (!found && report->verbose)
        printf("missed\t%s\t%s\t%s\n", lemma, grammar, surface);
    return true;
}

static bool
each_line(struct report *report, const char *path,
          bool (*take)(struct report *, const char *, char *))
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t capacity = 0;
    bool ok = file != NULL;
    if (!ok)
        perror(path);
    for (size_t i = 0; ok && getline(&line, &capacity, file) >= 0; i++)
        if (i > 0)
            ok = take(report, path, line);
    free(line);
    if (file)
        fclose(file);
    return ok;
}

/* false: some grammar is below the floor. */
static bool
print_table(const struct report *report, double floor_percent)
{
    bool ok = true;
    printf("%-10s %8s %8s %8s\n", "grammar", "forms", "found", "share");
    for (size_t i = 0; i < report->tally_count; i++) {
        const struct tally *tally = &report->tallies[i];
        double share = 100.0 * (double)tally->found / (double)tally->all;
        ok = ok && share >= floor_percent;
        printf("%-10s %8zu %8zu %7.2f%%%s\n", tally->grammar, tally->all,
               tally->found, share,
               share < floor_percent ? "  below the floor" : "");
    }
    return ok && report->tally_count > 0;
}

/* Every term of the lists that takes a word for its form. */
static bool
find_word(struct report *report, const char *path, char *line)
{
    line[strcspn(line, "\r\n")] = '\0';
    size_t position = 0, len;
    struct span key;
    void *words;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    uint32_t *letters =
        arena ? forms_letters(arena, span_of(line), &len) : NULL;
    if (!letters)
        return false;
    while (map_next(report->terms, &position, &key, &words))
        if (forms_kinds(morphology_endings(report->morphology), words, letters,
                        len))
            printf("%.*s\t%s\n", SPAN_ARGS(key), line);
    return true;
}

int
main(int argc, char **argv)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(map_freep) struct map *terms = map_new();
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    const char *words = NULL, *folder = NULL;
    struct report report = {.arena = arena, .terms = terms};
    double floor_percent = 0;
    int first = 1;
    for (; first < argc && argv[first][0] == '-'; first++) {
        if (strcmp(argv[first], "-v") == 0)
            report.verbose = true;
        else if (strcmp(argv[first], "-w") == 0 && first + 1 < argc)
            words = argv[++first];
        else if (strcmp(argv[first], "-r") == 0 && first + 1 < argc)
            folder = argv[++first];
        else if (strcmp(argv[first], "-f") == 0 && first + 1 < argc)
            floor_percent = strtod(argv[++first], NULL);
    }
    int64_t start = clock_monotonic_ms();
    report.morphology = morphology_load(arena, folder, diagnostics);
    if (!report.morphology) {
        CLEANUP(buffer_done) struct buffer text = {0};
        diagnostics_write(diagnostics, &text, false);
        fputs(buffer_text(&text), stderr);
        return 2;
    }
    fprintf(stderr, "grammars: %lld ms, %zu states, %zu edges\n",
            (long long)(clock_monotonic_ms() - start),
            morphology_endings(report.morphology)->state_count,
            morphology_endings(report.morphology)->edge_count);
    for (int i = first; i < argc; i++)
        if (!each_line(&report, argv[i], count_row))
            return 1;
    if (words)
        return each_line(&report, words, find_word) ? 0 : 1;
    return print_table(&report, floor_percent) ? 0 : 1;
}
