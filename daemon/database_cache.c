#include "database_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "log.h"

#define HEAD "karool database 1\n"

enum {
    HEX = SHA256_HEX_SIZE - 1,
    HEAD_BYTES = sizeof(HEAD) - 1 + HEX + 1 + HEX + 1,
    FILE_MOST = 256 * 1024 * 1024,
    FILES = 8,
};

static void
close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

/* "key\ndigest\n" of the bytes, behind the head. */
static void
write_head(const char key[SHA256_HEX_SIZE], struct span bytes,
           struct buffer *out)
{
    struct sha256 sha256;
    char digest[SHA256_HEX_SIZE];
    sha256_init(&sha256);
    sha256_add(&sha256, bytes);
    sha256_hex(&sha256, digest);
    buffer_printf(out, HEAD "%s\n%s\n", key, digest);
}

/* The folder, or nothing where nobody names one. */
static bool
name_folder(struct buffer *out)
{
    const char *service = getenv("CACHE_DIRECTORY");
    const char *user = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");
    if (service && service[0] == '/')
        buffer_append(out, service, strcspn(service, ":"));
    else if (user && user[0] == '/')
        buffer_printf(out, "%s/karool", user);
    else if (home && home[0] == '/')
        buffer_printf(out, "%s/.cache/karool", home);
    return out->len && buffer_ok(out);
}

static void
name_file(const char key[SHA256_HEX_SIZE], struct buffer *path)
{
    unsigned digit =
        key[0] <= '9' ? (unsigned)key[0] - '0' : (unsigned)key[0] - 'a' + 10;
    buffer_printf(path, "/patterns-%u.hsdb", digit % FILES);
}

static bool
is_ours(int fd, const char *path)
{
    struct stat status;
    if (fstat(fd, &status) || !S_ISREG(status.st_mode) ||
        status.st_uid != geteuid() || (status.st_mode & (S_IWGRP | S_IWOTH)) ||
        status.st_size < HEAD_BYTES || status.st_size > FILE_MOST) {
        log_debug("rules", "%s is not used: not a file that we alone write",
                  path);
        return false;
    }
    return true;
}

static bool
read_all(int fd, struct buffer *out)
{
    enum { CHUNK = 1024 * 1024 };
    ssize_t count = 1;
    while (count > 0 && out->len <= FILE_MOST) {
        char *end = buffer_reserve(out, CHUNK);
        if (!end)
            return false;
        count = read(fd, end, CHUNK);
        if (count > 0)
            out->len += (size_t)count;
        else if (count < 0 && errno == EINTR)
            count = 1;
    }
    return count == 0;
}

bool
database_cache_load(const char key[SHA256_HEX_SIZE], struct buffer *out)
{
    CLEANUP(buffer_done) struct buffer path = {0};
    CLEANUP(buffer_done) struct buffer head = {0};
    buffer_clear(out);
    if (!name_folder(&path))
        return false;
    name_file(key, &path);
    CLEANUP(close_fd)
    int fd = open(buffer_text(&path),
                  O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 || !is_ours(fd, buffer_text(&path)) || !read_all(fd, out) ||
        out->len < HEAD_BYTES)
        return false;
    struct span bytes = span_from(buffer_span(out), HEAD_BYTES);
    write_head(key, bytes, &head);
    if (!buffer_ok(&head) || head.len != HEAD_BYTES ||
        memcmp(head.bytes, out->bytes, HEAD_BYTES) != 0) {
        log_debug("rules",
                  "%s is not used: of other rules, another version or "
                  "machine, or damaged",
                  buffer_text(&path));
        return false;
    }
    buffer_consume(out, HEAD_BYTES);
    return true;
}

void
database_cache_store(const char key[SHA256_HEX_SIZE], struct span bytes)
{
    CLEANUP(buffer_done) struct buffer path = {0};
    CLEANUP(buffer_done) struct buffer file = {0};
    struct error err = {0};
    if (bytes.len > FILE_MOST - HEAD_BYTES || !name_folder(&path))
        return;
    if (!file_make_folder(buffer_text(&path), &err)) {
        log_debug("rules", "no cache: %s", err.message);
        return;
    }
    name_file(key, &path);
    write_head(key, bytes, &file);
    buffer_append_span(&file, bytes);
    if (buffer_ok(&file) && buffer_ok(&path) &&
        !file_replace(buffer_text(&path), buffer_span(&file), 0600, &err))
        log_debug("rules", "no cache: %s", err.message);
}
