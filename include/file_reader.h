/*
 * file_reader.h - an archive file as answers: the next records from an offset.
 *
 * NDJSON and CSV (RFC 4180, header row), plain or gzip. The body of an answer
 * is a JSON array with one object a record; a record that cannot be read is
 * {"karool_error": "why", "karool_line": n} (the line is left out when the
 * reading began in the middle of the file). An incomplete last line is left
 * for the next time (the file may be growing), unless the request says that
 * the file is whole. Reading is chunked so that the fetch thread is never held
 * for long; only skipping to an offset in a gzip file takes its time, once.
 *
 * A file is recognised by its first bytes (`fingerprint`), and while the
 * reader lives also by its inode: when it was replaced, or is shorter than the
 * offset, reading begins at its start and `replaced` says so.
 *
 * Threads: one. Ownership: the response's spans live in the reader until its
 * next use. A reader is best kept for one file: it stays open in between.
 */
#ifndef KAROOL_FILE_READER_H
#define KAROOL_FILE_READER_H

#include "error.h"
#include "request.h"

struct file_reader;

MUST_USE struct file_reader *file_reader_new(struct error *err);
void file_reader_free(struct file_reader *reader);
void file_reader_freep(struct file_reader **reader);
/* Never fails: what goes wrong is in the response. */
void file_reader_read(struct file_reader *reader, const struct request *request,
                      struct response *out);

#endif
