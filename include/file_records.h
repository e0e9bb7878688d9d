/*
 * file_records.h - part of an archive file made into a JSON array: a line or
 * row is an object; one that cannot be read is {"karool_error": "why",
 * "karool_line": n}, and the rest goes on.
 *
 * Threads: one at a time. Private to the file reader.
 */
#ifndef KAROOL_FILE_RECORDS_H
#define KAROOL_FILE_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buffer.h"
#include "error.h"
#include "json.h"
#include "text_list.h"

/* A longer record is passed over. */
#define FILE_RECORD_MAX ((size_t)10 * 1000 * 1000 - 4096)

struct file_records {
    struct buffer body;  /* "[…", closed by file_records_end() */
    size_t count, max;   /* of records */
    uint64_t line;       /* of the next record; 0: not known */
    bool complete;       /* no more bytes will follow the text */
    bool stopped;        /* more records may be there: the answer is full */
    struct arena *arena; /* emptied for each record */
    struct json_writer *writer;
    bool has_header; /* of CSV: */
    struct text_list header;
    char delimiter;
};

void file_records_start(struct file_records *records, size_t max);
void file_records_error(struct file_records *records, const char *why);
/* Reads whole records from the start of the text; returns how many bytes they
 * take. */
size_t file_records_ndjson(struct file_records *records, struct span text);
size_t file_records_csv(struct file_records *records, struct span text);
/* false: no memory. */
MUST_USE bool file_records_end(struct file_records *records, struct error *err);
/* The header row at the start of a CSV file, copied into `arena`; *taken is
 * its size, 0 when the row is not complete yet. */
MUST_USE bool file_records_header(struct file_records *records,
                                  struct arena *arena, struct span text,
                                  size_t *taken, struct error *err);

#endif
