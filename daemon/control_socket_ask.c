#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "buffer.h"
#include "clock.h"
#include "control_socket.h"

enum { ANSWER_MAX = 16 << 20, CHUNK = 4096 };

bool
control_socket_address(const char *folder, struct sockaddr_un *out,
                       struct error *err)
{
    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    int len =
        snprintf(out->sun_path, sizeof(out->sun_path), "%s/control", folder);
    if (len > 0 && (size_t)len < sizeof(out->sun_path))
        return true;
    return error_set(err, ERROR_CONFIG,
                     "%s: too long for the path of a socket (%zu bytes): set "
                     "runtime_directory to a shorter one",
                     folder, sizeof(out->sun_path));
}

static void
closep(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static bool
reach(int fd, const struct sockaddr_un *address, struct error *err)
{
    if (fd >= 0 &&
        connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0)
        return true;
    if (errno == EACCES || errno == EPERM)
        return error_set(err, ERROR_FATAL,
                         "%s: permission denied: join the group karool, or "
                         "ask as the user that karool runs as",
                         address->sun_path);
    if (errno == ENOENT || errno == ECONNREFUSED)
        return error_set(err, ERROR_FATAL,
                         "nobody answers at %s: is karool running?",
                         address->sun_path);
    return error_set(err, ERROR_FATAL, "%s: %s", address->sun_path,
                     strerror(errno));
}

/* Hands on the lines that are complete; true: that was the last one. */
static bool
take_lines(struct buffer *answer, control_line *on_line, void *context,
           bool *ok)
{
    const char *end;
    while (answer->len && (end = memchr(answer->bytes, '\n', answer->len))) {
        struct span line = {answer->bytes, (size_t)(end - answer->bytes)};
        *ok = span_is(line, "ok");
        if (!span_starts(line, " "))
            return *ok || span_is(line, "failed");
        on_line(context, span_from(line, 1));
        buffer_consume(answer, line.len + 1);
    }
    return false;
}

static bool
send_request(int fd, const char *request, struct error *err)
{
    CLEANUP(buffer_done) struct buffer line = {0};
    buffer_printf(&line, "%s\n", request);
    if (!buffer_ok(&line))
        return error_no_memory(err);
    /* A few bytes into an empty socket: all or nothing. */
    return send(fd, line.bytes, line.len, MSG_NOSIGNAL) == (ssize_t)line.len ||
           error_set(err, ERROR_FATAL, "karool does not listen: %s",
                     strerror(errno));
}

bool
control_socket_ask(const char *folder, const char *request, int timeout_ms,
                   control_line *on_line, void *context, bool *ok,
                   struct error *err)
{
    struct sockaddr_un address;
    CLEANUP(buffer_done) struct buffer answer = {0};
    CLEANUP(closep) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (!control_socket_address(folder, &address, err) ||
        !reach(fd, &address, err) || !send_request(fd, request, err))
        return false;
    int64_t until_ms = clock_monotonic_ms() + timeout_ms;
    while (!take_lines(&answer, on_line, context, ok)) {
        int64_t left_ms = until_ms - clock_monotonic_ms();
        struct pollfd waited = {.fd = fd, .events = POLLIN};
        if (left_ms <= 0)
            return error_set(err, ERROR_FATAL,
                             "no answer from %s within %d s: its log tells "
                             "what became of it",
                             address.sun_path, timeout_ms / 1000);
        if (poll(&waited, 1, (int)left_ms) <= 0)
            continue;
        char *end = buffer_reserve(&answer, CHUNK);
        if (!end)
            return error_no_memory(err);
        ssize_t got = recv(fd, end, CHUNK, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0 || answer.len > ANSWER_MAX)
            return error_set(err, ERROR_FATAL,
                             "%s: the answer ended early: did karool end?",
                             address.sun_path);
        answer.len += (size_t)got;
    }
    return true;
}
