/*
 * byte_file.h - the bytes of a file or of standard input, one after the other;
 * what is gzip (by its first bytes, whatever its name) is unpacked on the way,
 * also several members in a row.
 *
 * Threads: one. Errors: ERROR_CONFIG when it cannot be opened, ERROR_RETRY when
 * reading fails or packed data is damaged or cut off.
 */
#ifndef KAROOL_BYTE_FILE_H
#define KAROOL_BYTE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

struct byte_file;

/* "-": standard input. */
MUST_USE struct byte_file *byte_file_open(const char *path, struct error *err);
void byte_file_close(struct byte_file *file);
void byte_file_closep(struct byte_file **file);
/* At most `room` bytes to `at`; *got is 0 at the end. May give less than there
 * is. */
MUST_USE bool byte_file_read(struct byte_file *file, void *at, size_t room,
                             size_t *got, struct error *err);
/* Would reading give something (or the end) at once, or within timeout_ms? */
bool byte_file_waits(struct byte_file *file, int timeout_ms);
/* Passes over so many (unpacked) bytes, or to the end. */
MUST_USE bool byte_file_skip(struct byte_file *file, uint64_t bytes,
                             struct error *err);
/* Bytes taken from the file itself: packed ones, where it is packed. */
uint64_t byte_file_position(const struct byte_file *file);
bool byte_file_packed(const struct byte_file *file);
/* "zlib 1.2.13" */
const char *byte_file_library_version(void);

#endif
