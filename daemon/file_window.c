#include "file_window.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "sha256.h"

enum {
    CHUNK = 256 * 1024,
    HEAD_MAX = 1024,
};

static void
forget(struct file_window *window)
{
    byte_file_close(TAKE(window->file));
    buffer_clear(&window->held);
    buffer_clear(&window->head);
    window->offset = 0;
    window->at_end = false;
}

void
file_window_done(struct file_window *window)
{
    forget(window);
    buffer_done(&window->path);
    buffer_done(&window->held);
    buffer_done(&window->head);
}

/* What came in of the file's first bytes. */
static void
note_head(struct file_window *window)
{
    size_t have = window->head.len;
    if (have == HEAD_MAX || window->offset > have)
        return;
    size_t skip = have - (size_t)window->offset;
    if (window->held.len <= skip)
        return;
    size_t len = window->held.len - skip;
    if (len > HEAD_MAX - have)
        len = HEAD_MAX - have;
    buffer_append(&window->head, window->held.bytes + skip, len);
}

bool
file_window_fill(struct file_window *window, size_t len, struct error *err)
{
    window->at_end = false;
    window->damage = (struct error){0};
    while (window->held.len < len && !window->at_end) {
        size_t got = 0;
        char *at = buffer_reserve(&window->held, CHUNK);
        if (!at)
            return error_no_memory(err);
        if (!byte_file_read(window->file, at, CHUNK, &got, &window->damage))
            got = 0;
        window->held.len += got;
        window->at_end = got == 0;
        note_head(window);
    }
    return buffer_ok(&window->head) || error_no_memory(err);
}

/* Is the open file still the one that the path names, and not cut short? */
static bool
is_current(const struct file_window *window)
{
    struct stat info;
    return stat(buffer_text(&window->path), &info) == 0 &&
           info.st_dev == window->device && info.st_ino == window->inode &&
           (uint64_t)info.st_size >= byte_file_position(window->file);
}

static bool
open_path(struct file_window *window, struct error *err)
{
    const char *path = buffer_text(&window->path);
    struct stat info;
    if (stat(path, &info) != 0)
        return error_set(err, ERROR_RETRY, "cannot open it: %s",
                         strerror(errno));
    if (!S_ISREG(info.st_mode)) /* a pipe could hold the thread */
        return error_set(err, ERROR_RETRY, "it is not a regular file");
    window->device = info.st_dev;
    window->inode = info.st_ino;
    window->file = byte_file_open(path, err);
    return window->file != NULL;
}

bool
file_window_open(struct file_window *window, struct span path, bool *same,
                 struct error *err)
{
    bool known = window->file && span_equal(buffer_span(&window->path), path);
    *same = true;
    if (known && is_current(window))
        return true;
    *same = !known;
    forget(window);
    buffer_clear(&window->path);
    buffer_append_span(&window->path, path);
    if (!buffer_ok(&window->path))
        return error_no_memory(err);
    return open_path(window, err) && file_window_fill(window, HEAD_MAX, err);
}

static void
name_head(struct span head, char out[FILE_FINGERPRINT_SIZE])
{
    struct sha256 sha256;
    char hex[SHA256_HEX_SIZE];
    sha256_init(&sha256);
    sha256_add(&sha256, head);
    sha256_hex(&sha256, hex);
    snprintf(out, FILE_FINGERPRINT_SIZE, "%zu:%s", head.len, hex);
}

void
file_window_fingerprint(const struct file_window *window,
                        char out[FILE_FINGERPRINT_SIZE])
{
    name_head(buffer_span(&window->head), out);
}

bool
file_window_is(const struct file_window *window, struct span fingerprint)
{
    char text[FILE_FINGERPRINT_SIZE];
    snprintf(text, sizeof(text), "%.*s", SPAN_ARGS(fingerprint));
    /* It may have been shorter then. */
    unsigned long len = strtoul(text, NULL, 10);
    if (len > window->head.len)
        return false;
    char name[FILE_FINGERPRINT_SIZE];
    name_head((struct span){window->head.bytes, len}, name);
    return strcmp(name, text) == 0;
}

/* Reads what comes next; *got: how many bytes. */
static bool
read_away(struct file_window *window, size_t len, size_t *got,
          struct error *err)
{
    buffer_clear(&window->held);
    char *at = buffer_reserve(&window->held, len);
    return at ? byte_file_read(window->file, at, len, got, err)
              : error_no_memory(err);
}

static bool
seek(struct file_window *window, uint64_t offset, bool *reached,
     struct error *err)
{
    uint64_t position = window->offset + window->held.len;
    size_t got = 0;
    buffer_clear(&window->held);
    if (offset < position) { /* from the start again */
        byte_file_close(TAKE(window->file));
        if (!open_path(window, err))
            return false;
        position = 0;
    }
    /* Past its block a plain file is sought, not read. */
    if (offset - position > CHUNK) {
        if (!read_away(window, CHUNK, &got, err))
            return false;
        position += got;
    }
    window->offset = offset;
    if (offset == position)
        return true;
    /* Skipping ends at the end without a word: the last byte is read. */
    if (!byte_file_skip(window->file, offset - position - 1, err) ||
        !read_away(window, 1, &got, err))
        return false;
    *reached = got == 1;
    return true;
}

bool
file_window_move(struct file_window *window, uint64_t offset, bool *reached,
                 struct error *err)
{
    *reached = true;
    if (offset >= window->offset &&
        offset - window->offset <= window->held.len) {
        buffer_consume(&window->held, (size_t)(offset - window->offset));
        window->offset = offset;
        return true;
    }
    return seek(window, offset, reached, err);
}
