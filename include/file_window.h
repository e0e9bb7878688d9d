/*
 * file_window.h - the part of a file that is being read: bytes from an offset
 * on, kept from one call to the next so that nothing is read twice.
 *
 * Threads: one at a time. Private to the file reader.
 */
#ifndef KAROOL_FILE_WINDOW_H
#define KAROOL_FILE_WINDOW_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "buffer.h"
#include "byte_file.h"
#include "error.h"

#define FILE_FINGERPRINT_SIZE 96

struct file_window {
    struct buffer path;
    struct byte_file *file;
    dev_t device; /* of the file that is open */
    ino_t inode;
    struct buffer held; /* the bytes at `offset` */
    uint64_t offset;
    bool at_end;         /* nothing follows `held` at present */
    struct error damage; /* why nothing more can be read after `held` */
    struct buffer head;  /* the file's first bytes, for the fingerprint */
};

void file_window_done(struct file_window *window);
/* Opens the file unless it is open; false in *same when the path names
 * another file than the last time, and now that one is open. */
MUST_USE bool file_window_open(struct file_window *window, struct span path,
                               bool *same, struct error *err);
/* The name of the file, and whether a former name is of this file too. */
void file_window_fingerprint(const struct file_window *window,
                             char out[FILE_FINGERPRINT_SIZE]);
MUST_USE bool file_window_is(const struct file_window *window,
                             struct span fingerprint);
/* To an offset; false in *reached when the file is shorter. */
MUST_USE bool file_window_move(struct file_window *window, uint64_t offset,
                               bool *reached, struct error *err);
/* At least `len` bytes, or up to the end. */
MUST_USE bool file_window_fill(struct file_window *window, size_t len,
                               struct error *err);

#endif
