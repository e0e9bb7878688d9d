/*
 * bench_parts ARCHIVE RULES: the parts of `karool scan` alone, one thread:
 * name, posts a second and nanoseconds a post, each the best of several
 * rounds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "json_string.h"
#include "matcher.h"
#include "normalise.h"
#include "post.h"
#include "ruleset.h"

#define ROUNDS 40
/* In the outer cache, as a chunk of `scan` is; and so many posts that no branch
 * predictor learns them by heart, which 1 MB lets it do. */
#define BYTES_MAX ((size_t)8 * 1024 * 1024)

struct parts {
    struct span *records, *texts;
    size_t count;
    struct post_reader *reader;
    struct reading reading;
    struct scanner *scanner;
    struct matcher *matcher;
    size_t seen; /* so that nothing is optimised away */
};

static double
now_s(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static void
read_posts(struct parts *parts)
{
    struct post post;
    for (size_t i = 0; i < parts->count; i++)
        if (post_read(parts->reader, parts->records[i], &post, NULL))
            parts->seen += post.text.len;
}

static void
check_utf8(struct parts *parts)
{
    for (size_t i = 0; i < parts->count; i++)
        parts->seen += json_string_sound(parts->texts[i]);
}

static void
normalise_texts(struct parts *parts)
{
    for (size_t i = 0; i < parts->count; i++)
        if (normalise(&parts->reading, parts->texts[i], NULL))
            parts->seen += parts->reading.count;
}

static void
match_texts(struct parts *parts)
{
    for (size_t i = 0; i < parts->count; i++) {
        struct match_list matches;
        const struct matcher_input input = {.fields = {parts->texts[i]}};
        if (matcher_scan(parts->matcher, parts->scanner, &input, &matches,
                         NULL))
            parts->seen += matches.count;
    }
}

static void
measure(struct parts *parts, const char *name, void (*part)(struct parts *))
{
    double best = 1e9;
    for (int round = 0; round < ROUNDS; round++) {
        double start = now_s();
        part(parts);
        double took = now_s() - start;
        best = took < best ? took : best;
    }
    printf("%s\t%.0f\t%.0f\n", name, (double)parts->count / best,
           best / (double)parts->count * 1e9);
}

/* Each record and its text, copied: the text is read where it would be. */
static bool
take_records(struct parts *parts, struct span archive)
{
    size_t most = archive.len / 100 + 1;
    parts->records = calloc(most, sizeof(struct span));
    parts->texts = calloc(most, sizeof(struct span));
    if (!parts->records || !parts->texts)
        return false;
    while (archive.len && parts->count < most) {
        const char *end = memchr(archive.at, '\n', archive.len);
        if (!end)
            break;
        struct span record = {archive.at, (size_t)(end - archive.at)};
        struct post post;
        if (!post_read(parts->reader, record, &post, NULL))
            return false;
        parts->records[parts->count] = record;
        parts->texts[parts->count++] = post.text;
        archive = span_from(archive, record.len + 1);
    }
    return true;
}

int
main(int argc, char **argv)
{
    struct error err = {0};
    struct parts parts = {.reader = post_reader_new(&err),
                          .scanner = scanner_new(&err)};
    struct diagnostics *diagnostics = diagnostics_new();
    FILE *file = argc == 3 ? fopen(argv[1], "r") : NULL;
    char *bytes = malloc(BYTES_MAX);
    if (!file || !bytes || !parts.reader || !parts.scanner || !diagnostics) {
        fputs("usage: bench_parts ARCHIVE RULES\n", stderr);
        return 2;
    }
    size_t len = fread(bytes, 1, BYTES_MAX, file);
    fclose(file);
    parts.matcher = ruleset_build(argv[2], diagnostics, &err);
    if (!parts.matcher || !take_records(&parts, (struct span){bytes, len})) {
        fprintf(stderr, "bench_parts: %s\n", err.message);
        return 1;
    }
    measure(&parts, "post_read (members, texts, UTF-8)", read_posts);
    measure(&parts, "UTF-8 check of the text alone", check_utf8);
    measure(&parts, "normalise", normalise_texts);
    measure(&parts, "matcher_scan (with normalise)", match_texts);
    matcher_unref(parts.matcher);
    diagnostics_free(diagnostics);
    scanner_free(parts.scanner);
    post_reader_free(parts.reader);
    reading_done(&parts.reading);
    free(parts.records);
    free(parts.texts);
    free(bytes);
    return parts.seen == 0;
}
