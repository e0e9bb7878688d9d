#include "scan.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "output.h"
#include "scan_queue.h"
#include "scan_reader.h"
#include "scan_rows.h"
#include "scan_worker.h"
#include "terminal.h"

#define PROGRESS_MS 200
/* Chunks for each worker: one it has, one that waits, one being written. */
#define CHUNKS_PER_WORKER 3

struct scan {
    const struct scan_options *options;
    struct scan_counts *counts;
    struct scan_queue *queue;
    struct scan_source *sources;
    struct scan_reader reader;
    struct scan_worker *workers;
    pthread_t *threads;
    unsigned started; /* threads: workers first, then the reader */
    int64_t start_ms, shown_ms;
};

static void
scan_done(struct scan *scan)
{
    if (scan->queue)
        scan_queue_stop(scan->queue);
    for (unsigned i = 0; i < scan->started; i++)
        pthread_join(scan->threads[i], NULL);
    for (unsigned i = 0; scan->workers && i < scan->options->threads; i++)
        scan_worker_done(&scan->workers[i]);
    buffer_done(&scan->reader.carry);
    scan_queue_free(scan->queue);
    free(scan->workers);
    free(scan->threads);
    free(scan->sources);
}

/* --- Before --- */

static void
name_sources(struct scan *scan)
{
    const struct scan_options *options = scan->options;
    for (size_t i = 0; i < options->path_count; i++) {
        const char *path = options->paths[i];
        scan->sources[i].path = path;
        scan->sources[i].name =
            strcmp(path, "-") == 0 ? "standard input" : path;
        scan->sources[i].in_ids = options->path_count > 1;
    }
}

/* The size of all input, or 0 when it is not known. */
static uint64_t
total_bytes(const struct scan_options *options)
{
    uint64_t total = 0;
    for (size_t i = 0; i < options->path_count; i++) {
        struct stat status;
        int failed = strcmp(options->paths[i], "-") == 0
                         ? fstat(STDIN_FILENO, &status)
                         : stat(options->paths[i], &status);
        if (failed || !S_ISREG(status.st_mode))
            return 0;
        total += (uint64_t)status.st_size;
    }
    return total;
}

static bool
scan_prepare(struct scan *scan, const struct matcher *matcher,
             struct error *err)
{
    const struct scan_options *options = scan->options;
    unsigned threads = options->threads;
    scan->workers = calloc(threads, sizeof(*scan->workers));
    scan->threads = calloc(threads + 1, sizeof(*scan->threads));
    scan->sources = calloc(options->path_count, sizeof(*scan->sources));
    if (!scan->workers || !scan->threads || !scan->sources)
        return error_no_memory(err);
    name_sources(scan);
    scan->reader = (struct scan_reader){.queue = scan->queue,
                                        .sources = scan->sources,
                                        .source_count = options->path_count,
                                        .input = options->input};
    for (unsigned i = 0; i < threads; i++)
        if (!scan_worker_init(&scan->workers[i], scan->queue, matcher, options,
                              err))
            return false;
    return true;
}

static bool
scan_start(struct scan *scan, struct error *err)
{
    for (unsigned i = 0; i <= scan->options->threads; i++) {
        bool worker = i < scan->options->threads;
        int failed = pthread_create(
            &scan->threads[i], NULL, worker ? scan_worker_run : scan_reader_run,
            worker ? (void *)&scan->workers[i] : (void *)&scan->reader);
        if (failed)
            return error_set(err, ERROR_RETRY, "cannot start a thread: %s",
                             strerror(failed));
        scan->started++;
    }
    return true;
}

/* --- While it runs --- */

static void
show_progress(struct scan *scan)
{
    int64_t now_ms = clock_monotonic_ms();
    if (now_ms - scan->shown_ms < PROGRESS_MS)
        return;
    scan->shown_ms = now_ms;
    const struct scan_counts *counts = scan->counts;
    double seconds = (double)(now_ms - scan->start_ms) / 1000;
    CLEANUP(buffer_done) struct buffer line = {0};
    buffer_printf(&line, "%llu posts, %.0f/s, %llu flagged",
                  (unsigned long long)counts->posts,
                  (double)counts->posts / seconds,
                  (unsigned long long)counts->flagged);
    if (counts->bad)
        buffer_printf(&line, ", %llu bad", (unsigned long long)counts->bad);
    if (counts->total_bytes && counts->bytes) {
        double done = (double)counts->bytes / (double)counts->total_bytes;
        char left[CLOCK_TEXT_SIZE];
        clock_format_duration((int64_t)(seconds / done * (1 - done) * 1000),
                              left);
        buffer_printf(&line, ", %.0f %%, %s left", done * 100, left);
    }
    terminal_progress(buffer_text(&line));
}

static void
report_bad(struct scan *scan, const struct scan_chunk *chunk)
{
    uint64_t named = scan->counts->bad;
    for (uint64_t i = 0; i < chunk->bad && named < SCAN_BAD_NAMED; i++) {
        CLEANUP(buffer_done) struct buffer line = {0};
        terminal_append_safe(&line, span_of(chunk->source->name));
        buffer_printf(&line,
                      ":%llu: ", (unsigned long long)chunk->named[i].line);
        terminal_append_safe(&line, span_of(chunk->named[i].reason));
        terminal_progress_clear();
        fprintf(stderr, "%s\n", buffer_text(&line));
        if (++named == SCAN_BAD_NAMED)
            fputs("further bad lines are only counted\n", stderr);
    }
}

static bool
write_chunk(struct scan *scan, struct scan_chunk *chunk, struct error *err)
{
    report_bad(scan, chunk);
    scan->counts->posts += chunk->posts;
    scan->counts->flagged += chunk->flagged;
    scan->counts->bad += chunk->bad;
    scan->counts->repaired += chunk->repaired;
    scan->counts->bytes = chunk->position;
    if (chunk->output.len) {
        if (terminal_is(STDOUT_FILENO))
            terminal_progress_clear();
        if (!output_write(buffer_span(&chunk->output)))
            return false;
    }
    if (chunk->error.kind == ERROR_NONE)
        return true;
    *err = chunk->error;
    return error_wrap(err, "%s", chunk->source->name);
}

/* false with err->kind ERROR_NONE: nobody reads the output any more. */
static bool
write_all(struct scan *scan, struct error *err)
{
    for (bool ended = false; !ended;) {
        struct scan_chunk *chunk =
            scan_queue_next(scan->queue, PROGRESS_MS, &ended);
        if (chunk) {
            bool written = write_chunk(scan, chunk, err);
            scan_queue_written(scan->queue, chunk);
            if (!written)
                return false;
        }
        if (!ended)
            show_progress(scan);
    }
    return !scan_queue_failed(scan->queue, err);
}

static bool
write_header(const struct scan_options *options)
{
    if (options->output != SCAN_CSV_OUT)
        return true;
    CLEANUP(buffer_done) struct buffer header = {0};
    scan_rows_header(&header);
    return output_write(buffer_span(&header));
}

/* --- After --- */

static void
write_summary(struct scan *scan)
{
    struct scan_tally *all = &scan->workers[0].tally;
    for (unsigned i = 1; i < scan->options->threads; i++)
        scan_tally_add(all, &scan->workers[i].tally);
    CLEANUP(buffer_done) struct buffer text = {0};
    buffer_printf(&text, "%-9s %-32s %12llu\n", "all", "",
                  (unsigned long long)scan->counts->posts);
    scan_tally_write(all, &text);
    /* Whether it arrived is output_finish()'s to say. */
    (void)!output_write(buffer_span(&text));
}

/* What a person may have overlooked who reads only the counts. */
static void
advise(const struct scan *scan)
{
    const struct scan_counts *counts = scan->counts;
    if (counts->repaired)
        fprintf(stderr,
                "%llu post%s held what is not UTF-8, and words in it are not "
                "found; a file in windows-1251: iconv -f windows-1251 -t utf-8 "
                "FILE | karool scan\n",
                (unsigned long long)counts->repaired,
                counts->repaired == 1 ? "" : "s");
    if (scan->options->input == SCAN_NDJSON_IN && counts->bad &&
        counts->bad == counts->posts)
        fputs("no line is a JSON object with a \"text\": --input csv reads "
              "CSV, --input text takes each line for a post\n",
              stderr);
}

static void
close_up(struct scan *scan)
{
    double seconds = (double)(clock_monotonic_ms() - scan->start_ms + 1) / 1000;
    const struct scan_counts *counts = scan->counts;
    terminal_progress_clear();
    advise(scan);
    fprintf(stderr, "%llu post%s in %.1f s (%.0f/s), %llu flagged, %llu bad\n",
            (unsigned long long)counts->posts, counts->posts == 1 ? "" : "s",
            seconds, (double)counts->posts / seconds,
            (unsigned long long)counts->flagged,
            (unsigned long long)counts->bad);
}

bool
scan_run(const struct scan_options *options, struct matcher *matcher,
         struct scan_counts *counts, struct error *err)
{
    *counts = (struct scan_counts){.total_bytes = total_bytes(options)};
    CLEANUP(scan_done)
    struct scan scan = {
        .options = options,
        .counts = counts,
        .queue = scan_queue_new((size_t)options->threads * CHUNKS_PER_WORKER),
        .start_ms = clock_monotonic_ms(),
    };
    if (!scan.queue)
        return error_no_memory(err);
    if (!scan_prepare(&scan, matcher, err) || !scan_start(&scan, err))
        return false;

    struct error failure = {0};
    if (!write_header(options) || !write_all(&scan, &failure)) {
        terminal_progress_clear();
        if (failure.kind == ERROR_NONE)
            return output_finish(err);
        close_up(&scan);
        *err = failure;
        return false;
    }
    /* The workers are idle, their tallies at rest. */
    if (options->output == SCAN_SUMMARY_OUT)
        write_summary(&scan);
    close_up(&scan);
    return output_finish(err);
}
