#include "control_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "buffer.h"
#include "clock.h"
#include "file.h"
#include "log.h"

enum { LISTENER = CONTROL_ASKERS, SOCKET_MODE = 0660 };

struct asker {
    bool here, asked, answered;
    int fd;
    uint64_t question;
    int64_t until_ms; /* monotonic; while it asks or takes the answer */
    struct buffer in, out;
};

struct control_socket {
    int lock_fd, fd, epoll_fd;
    struct sockaddr_un address;
    control_handler *handler;
    void *context;
    uint64_t last_question;
    struct asker askers[CONTROL_ASKERS];
};

/* --- The socket --- */

static bool
take_lock(struct control_socket *socket, const char *folder, struct error *err)
{
    CLEANUP(buffer_done) struct buffer path = {0};
    buffer_printf(&path, "%s/control.lock", folder);
    if (!buffer_ok(&path))
        return error_no_memory(err);
    socket->lock_fd =
        open(buffer_text(&path), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (socket->lock_fd < 0)
        return error_set(err, ERROR_CONFIG,
                         "%s: cannot make it: %s (set runtime_directory to a "
                         "folder you may write)",
                         buffer_text(&path), strerror(errno));
    if (flock(socket->lock_fd, LOCK_EX | LOCK_NB) != 0)
        return error_set(err, ERROR_RETRY,
                         "karool already runs with this campaign: another "
                         "process has %s",
                         socket->address.sun_path);
    return true;
}

/* The group karool may ask, when there is one and we may give it away. */
static void
open_to_group(const char *path)
{
    struct group group, *found = NULL;
    char names[4096];
    if (getgrnam_r("karool", &group, names, sizeof(names), &found) != 0 ||
        !found)
        return;
    if (chown(path, (uid_t)-1, found->gr_gid) != 0)
        log_debug("control", "%s stays with its owner's group: %s", path,
                  strerror(errno));
}

static bool
start_listening(struct control_socket *control, struct error *err)
{
    const char *path = control->address.sun_path;
    control->fd =
        socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    control->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    unlink(path); /* of a process that died: we have the lock */
    /* The mode of the descriptor is the file's from the start: nobody else
     * gets in between. */
    if (control->fd < 0 || control->epoll_fd < 0 ||
        fchmod(control->fd, SOCKET_MODE) != 0 ||
        bind(control->fd, (const struct sockaddr *)&control->address,
             sizeof(control->address)) != 0 ||
        chmod(path, SOCKET_MODE) != 0 ||
        listen(control->fd, CONTROL_ASKERS) != 0)
        return error_set(err, ERROR_CONFIG, "%s: cannot listen there: %s", path,
                         strerror(errno));
    open_to_group(path);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = LISTENER};
    return epoll_ctl(control->epoll_fd, EPOLL_CTL_ADD, control->fd, &event) ==
               0 ||
           error_no_memory(err);
}

struct control_socket *
control_socket_new(const char *folder, control_handler *handler, void *context,
                   struct error *err)
{
    CLEANUP(control_socket_freep)
    struct control_socket *control = calloc(1, sizeof(*control));
    if (!control) {
        error_no_memory(err);
        return NULL;
    }
    control->lock_fd = control->fd = control->epoll_fd = -1;
    control->handler = handler;
    control->context = context;
    if (!control_socket_address(folder, &control->address, err) ||
        !file_make_folder(folder, err) || !take_lock(control, folder, err) ||
        !start_listening(control, err))
        return NULL;
    return TAKE(control);
}

static void
drop(struct asker *asker)
{
    if (!asker->here)
        return;
    close(asker->fd);
    buffer_done(&asker->in);
    buffer_done(&asker->out);
    *asker = (struct asker){0};
}

static void
closep(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

void
control_socket_free(struct control_socket *control)
{
    if (!control)
        return;
    for (size_t i = 0; i < CONTROL_ASKERS; i++)
        drop(&control->askers[i]);
    if (control->fd >= 0)
        unlink(control->address.sun_path);
    closep(&control->fd);
    closep(&control->epoll_fd);
    closep(&control->lock_fd);
    free(control);
}

void
control_socket_freep(struct control_socket **control)
{
    control_socket_free(*control);
    *control = NULL;
}

int
control_socket_fd(const struct control_socket *control)
{
    return control->epoll_fd;
}

/* --- Those who ask --- */

static bool
watch(struct control_socket *control, struct asker *asker, int operation,
      uint32_t events)
{
    struct epoll_event event = {
        .events = events, .data.u32 = (uint32_t)(asker - control->askers)};
    return epoll_ctl(control->epoll_fd, operation, asker->fd, &event) == 0;
}

/* As much of the answer as goes without waiting; all of it ends it. */
static void
send_answer(struct control_socket *control, struct asker *asker)
{
    struct buffer *out = &asker->out;
    ssize_t sent =
        send(asker->fd, out->bytes, out->len, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
        drop(asker);
        return;
    }
    buffer_consume(out, sent > 0 ? (size_t)sent : 0);
    if (out->len == 0 || !watch(control, asker, EPOLL_CTL_MOD, EPOLLOUT))
        drop(asker);
}

static void
put_answer(struct control_socket *control, struct asker *asker,
           struct span text, bool ok)
{
    struct buffer *out = &asker->out;
    while (text.len) {
        const char *end = memchr(text.at, '\n', text.len);
        size_t len = end ? (size_t)(end - text.at) : text.len;
        buffer_append_byte(out, ' ');
        buffer_append(out, text.at, len);
        buffer_append_byte(out, '\n');
        text = span_from(text, end ? len + 1 : len);
    }
    buffer_append_text(out, ok ? "ok\n" : "failed\n");
    asker->asked = asker->answered = true;
    asker->until_ms = clock_monotonic_ms() + CONTROL_PATIENCE_MS;
    if (buffer_ok(out))
        send_answer(control, asker);
    else
        drop(asker);
}

void
control_socket_answer(struct control_socket *control, uint64_t question,
                      struct span text, bool ok)
{
    for (size_t i = 0; i < CONTROL_ASKERS; i++) {
        struct asker *asker = &control->askers[i];
        if (asker->here && asker->asked && !asker->answered &&
            asker->question == question)
            put_answer(control, asker, text, ok);
    }
}

static void
welcome(struct control_socket *control)
{
    int fd = accept4(control->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    size_t i = 0;
    if (fd < 0)
        return;
    while (i < CONTROL_ASKERS && control->askers[i].here)
        i++;
    if (i == CONTROL_ASKERS) {
        static const char full[] = " too many ask at once: try again\nfailed\n";
        ssize_t sent = send(fd, full, sizeof(full) - 1, MSG_NOSIGNAL);
        (void)sent; /* it is turned away all the same */
        close(fd);
        return;
    }
    struct asker *asker = &control->askers[i];
    *asker = (struct asker){
        .here = true,
        .fd = fd,
        .question = ++control->last_question,
        .until_ms = clock_monotonic_ms() + CONTROL_PATIENCE_MS,
    };
    if (!watch(control, asker, EPOLL_CTL_ADD, EPOLLIN))
        drop(asker);
}

static void
hear(struct control_socket *control, struct asker *asker)
{
    char *end = buffer_reserve(&asker->in, CONTROL_LINE_BYTES);
    ssize_t got = end ? recv(asker->fd, end, CONTROL_LINE_BYTES, 0) : 0;
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        drop(asker);
        return;
    }
    asker->in.len += (size_t)got;
    const char *line = asker->in.bytes;
    const char *newline = memchr(line, '\n', asker->in.len);
    if (!newline && asker->in.len < CONTROL_LINE_BYTES)
        return;
    /* From here on only its going away is of interest. */
    if (!watch(control, asker, EPOLL_CTL_MOD, 0)) {
        drop(asker);
        return;
    }
    asker->asked = true;
    if (!newline)
        put_answer(control, asker, span_of("the request is too long"), false);
    else
        control->handler(
            control->context, asker->question,
            span_trim((struct span){line, (size_t)(newline - line)}));
}

static void
drop_silent(struct control_socket *control)
{
    int64_t now_ms = clock_monotonic_ms();
    for (size_t i = 0; i < CONTROL_ASKERS; i++) {
        struct asker *asker = &control->askers[i];
        if (asker->here && (!asker->asked || asker->answered) &&
            asker->until_ms <= now_ms)
            drop(asker);
    }
}

void
control_socket_work(struct control_socket *control)
{
    struct epoll_event events[CONTROL_ASKERS + 1];
    int count = epoll_wait(control->epoll_fd, events, COUNT_OF(events), 0);
    drop_silent(control);
    for (int i = 0; i < count; i++) {
        if (events[i].data.u32 == LISTENER) {
            welcome(control);
            continue;
        }
        struct asker *asker = &control->askers[events[i].data.u32];
        if (!asker->here)
            continue;
        if (asker->answered)
            send_answer(control, asker);
        else if (!asker->asked)
            hear(control, asker);
        else
            drop(asker); /* it went before it was answered */
    }
}
