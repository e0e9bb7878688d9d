#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER_MODE = 0750 };

static void
closep(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static bool
file_failed(struct error *err, const char *path, const char *what)
{
    return error_set(err, ERROR_CONFIG, "%s: %s: %s", path, what,
                     strerror(errno));
}

static bool
read_all(int fd, struct buffer *out, const char *path, size_t max_bytes,
         struct error *err)
{
    enum { CHUNK = 64 * 1024 };
    size_t before = out->len;
    for (;;) {
        char *end = buffer_reserve(out, CHUNK);
        if (!end)
            return error_no_memory(err);
        ssize_t got = read(fd, end, CHUNK);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return file_failed(err, path, "cannot read it");
        if (got == 0)
            return true;
        out->len += (size_t)got;
        if (out->len - before > max_bytes)
            return error_set(err, ERROR_CONFIG,
                             "%s: larger than the limit of %zu bytes", path,
                             max_bytes);
    }
}

bool
file_load(struct buffer *out, const char *path, size_t max_bytes,
          struct error *err)
{
    CLEANUP(closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0)
        return file_failed(err, path, "cannot open it");
    if (!S_ISREG(info.st_mode))
        return error_set(err, ERROR_CONFIG, "%s: not a regular file", path);
    return read_all(fd, out, path, max_bytes, err);
}

static bool
write_all(int fd, struct span bytes)
{
    while (bytes.len > 0) {
        ssize_t written = write(fd, bytes.at, bytes.len);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0)
            bytes = span_from(bytes, (size_t)written);
    }
    return fsync(fd) == 0;
}

bool
file_replace(const char *path, struct span bytes, unsigned mode,
             struct error *err)
{
    CLEANUP(buffer_done) struct buffer aside = {0};
    buffer_printf(&aside, "%s.%ld.new", path, (long)getpid());
    if (!buffer_ok(&aside))
        return error_no_memory(err);
    const char *name = buffer_text(&aside);

    CLEANUP(closep)
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (fd < 0)
        return file_failed(err, name, "cannot make it");
    if (fchmod(fd, mode) != 0 || !write_all(fd, bytes) ||
        rename(name, path) != 0) {
        file_failed(err, path, "cannot write it");
        unlink(name);
        return false;
    }
    return true;
}

bool
file_make_folder(const char *path, struct error *err)
{
    CLEANUP(buffer_done) struct buffer part = {0};
    buffer_append_text(&part, path);
    if (!buffer_ok(&part))
        return error_no_memory(err);
    for (size_t i = 1; i <= part.len; i++) {
        char end = part.bytes[i];
        if (end != '/' && end != '\0')
            continue;
        part.bytes[i] = '\0';
        if (mkdir(part.bytes, FOLDER_MODE) != 0 && errno != EEXIST)
            return file_failed(err, part.bytes, "cannot make the folder");
        part.bytes[i] = end;
    }
    struct stat info;
    if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode))
        return error_set(err, ERROR_CONFIG, "%s: not a folder", path);
    return true;
}
