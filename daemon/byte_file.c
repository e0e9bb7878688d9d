#include "byte_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define BLOCK_BYTES ((size_t)64 * 1024)
/* zlib's own: 15 bits of window, and only the gzip format. */
#define GZIP_WINDOW (15 + 16)

struct byte_file {
    int fd;
    bool packed, looked; /* looked: its first bytes were examined */
    bool inside;         /* of a gzip member that has not ended */
    bool ended;          /* the file itself */
    z_stream stream;
    size_t start, end; /* of what of `block` is not used yet */
    uint64_t position;
    unsigned char block[BLOCK_BYTES];
};

struct byte_file *
byte_file_open(const char *path, struct error *err)
{
    struct byte_file *file = calloc(1, sizeof(*file));
    if (!file) {
        error_no_memory(err);
        return NULL;
    }
    file->fd = strcmp(path, "-") == 0 ? STDIN_FILENO
                                      : open(path, O_RDONLY | O_CLOEXEC);
    if (file->fd >= 0)
        return file;
    error_set(err, ERROR_CONFIG, "cannot open %s: %s", path, strerror(errno));
    free(file);
    return NULL;
}

void
byte_file_close(struct byte_file *file)
{
    if (!file)
        return;
    if (file->packed)
        inflateEnd(&file->stream);
    if (file->fd != STDIN_FILENO)
        close(file->fd);
    free(file);
}

void
byte_file_closep(struct byte_file **file)
{
    byte_file_close(*file);
    *file = NULL;
}

static bool
read_plain(struct byte_file *file, void *at, size_t room, size_t *got,
           struct error *err)
{
    ssize_t count;
    do
        count = read(file->fd, at, room);
    while (count < 0 && errno == EINTR);
    if (count < 0)
        return error_set(err, ERROR_RETRY, "cannot read: %s", strerror(errno));
    *got = (size_t)count;
    file->ended = count == 0;
    file->position += (uint64_t)count;
    return true;
}

/* More of the file behind what is left of the block. */
static bool
fill_block(struct byte_file *file, struct error *err)
{
    size_t got = 0;
    memmove(file->block, file->block + file->start, file->end - file->start);
    file->end -= file->start;
    file->start = 0;
    if (!read_plain(file, file->block + file->end, BLOCK_BYTES - file->end,
                    &got, err))
        return false;
    file->end += got;
    return true;
}

/* Is it gzip? RFC 1952: its first two bytes. */
static bool
look(struct byte_file *file, struct error *err)
{
    while (file->end < 2 && !file->ended)
        if (!fill_block(file, err))
            return false;
    file->looked = true;
    if (file->end < 2 || file->block[0] != 0x1F || file->block[1] != 0x8B)
        return true;
    if (inflateInit2(&file->stream, GZIP_WINDOW) != Z_OK)
        return error_no_memory(err);
    file->packed = file->inside = true;
    return true;
}

/* After a member: does another one follow? Anything else is padding, as
 * gzip(1) has it. */
static bool
next_member(struct byte_file *file, struct error *err)
{
    while (file->end - file->start < 2 && !file->ended)
        if (!fill_block(file, err))
            return false;
    file->inside = file->end - file->start >= 2 &&
                   file->block[file->start] == 0x1F &&
                   file->block[file->start + 1] == 0x8B;
    if (file->inside && inflateReset(&file->stream) != Z_OK)
        return error_no_memory(err);
    return true;
}

static bool
unpack(struct byte_file *file, void *at, size_t room, size_t *got,
       struct error *err)
{
    uInt most = room < UINT32_MAX ? (uInt)room : UINT32_MAX;
    *got = 0;
    while (file->inside && *got == 0) {
        if (file->start == file->end && !file->ended && !fill_block(file, err))
            return false;
        if (file->start == file->end)
            return error_set(err, ERROR_RETRY,
                             "ends in the middle of its gzip data");
        file->stream.next_in = file->block + file->start;
        file->stream.avail_in = (uInt)(file->end - file->start);
        file->stream.next_out = at;
        file->stream.avail_out = most;
        int result = inflate(&file->stream, Z_NO_FLUSH);
        file->start = file->end - file->stream.avail_in;
        *got = most - file->stream.avail_out;
        if (result == Z_MEM_ERROR)
            return error_no_memory(err);
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
            return error_set(err, ERROR_RETRY, "has damaged gzip data");
        if (result == Z_STREAM_END && !next_member(file, err))
            return false;
    }
    return true;
}

bool
byte_file_read(struct byte_file *file, void *at, size_t room, size_t *got,
               struct error *err)
{
    *got = 0;
    if (!file->looked && !look(file, err))
        return false;
    if (file->packed)
        return unpack(file, at, room, got, err);
    if (file->start == file->end)
        return read_plain(file, at, room, got, err);
    /* What was read to look at the first bytes. */
    *got = file->end - file->start < room ? file->end - file->start : room;
    memcpy(at, file->block + file->start, *got);
    file->start += *got;
    return true;
}

bool
byte_file_waits(struct byte_file *file, int timeout_ms)
{
    struct pollfd fd = {.fd = file->fd, .events = POLLIN};
    return file->start < file->end || poll(&fd, 1, timeout_ms) != 0;
}

bool
byte_file_skip(struct byte_file *file, uint64_t bytes, struct error *err)
{
    if (!file->looked && !look(file, err))
        return false;
    if (!file->packed && file->start == file->end &&
        lseek(file->fd, (off_t)bytes, SEEK_CUR) >= 0) {
        file->position += bytes;
        return true;
    }
    char passed[4096];
    while (bytes) {
        size_t got, room = bytes < sizeof(passed) ? bytes : sizeof(passed);
        if (!byte_file_read(file, passed, room, &got, err))
            return false;
        if (got == 0)
            return true;
        bytes -= got;
    }
    return true;
}

uint64_t
byte_file_position(const struct byte_file *file)
{
    return file->position - (file->end - file->start);
}

bool
byte_file_packed(const struct byte_file *file)
{
    return file->packed;
}

const char *
byte_file_library_version(void)
{
    static char text[32];
    snprintf(text, sizeof(text), "zlib %s", zlibVersion());
    return text;
}
