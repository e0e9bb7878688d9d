/*
 * control_socket.h - how a person's command reaches the running daemon: a Unix
 * socket in the runtime directory, for the owner and the group karool.
 *
 * A connection is one question: a line ("reload"). The answer is lines that
 * begin with a blank, and a last one, "ok" or "failed". The daemon's side never
 * blocks: the caller waits for control_socket_fd() among its own descriptors
 * and calls control_socket_work(), also about once a second, which drops who
 * connects and says nothing. A lock beside the socket tells a daemon that runs
 * from one that died, whose socket is removed.
 *
 * Threads: one at a time. Ownership: a question is known by its number; to
 * answer one whose asker has gone is a no-op.
 */
#ifndef KAROOL_CONTROL_SOCKET_H
#define KAROOL_CONTROL_SOCKET_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"
#include "span.h"

enum {
    CONTROL_ASKERS = 8, /* at a time; more are told so */
    CONTROL_LINE_BYTES = 256,
    CONTROL_PATIENCE_MS = 5000, /* to ask, and to take the answer */
};

struct control_socket;

/* Answers at once or later, with control_socket_answer(). */
typedef void control_handler(void *context, uint64_t question,
                             struct span request);

/* ERROR_RETRY: another process has it. ERROR_CONFIG: a person must mend the
 * folder. */
MUST_USE struct control_socket *control_socket_new(const char *folder,
                                                   control_handler *handler,
                                                   void *context,
                                                   struct error *err);
void control_socket_free(struct control_socket *socket);
void control_socket_freep(struct control_socket **socket);
/* Readable when there is work: for poll(2). */
int control_socket_fd(const struct control_socket *socket);
void control_socket_work(struct control_socket *socket);
/* `text` is any number of lines. */
void control_socket_answer(struct control_socket *socket, uint64_t question,
                           struct span text, bool ok);

/* The other side: asks and waits. on_line gets the answer without its blank.
 * *ok tells "ok" from "failed"; false is: no answer. */
typedef void control_line(void *context, struct span line);
MUST_USE bool control_socket_ask(const char *folder, const char *request,
                                 int timeout_ms, control_line *on_line,
                                 void *context, bool *ok, struct error *err);
/* The address in `folder`; a path too long for one is an error. */
struct sockaddr_un;
MUST_USE bool control_socket_address(const char *folder,
                                     struct sockaddr_un *out,
                                     struct error *err);

#endif
