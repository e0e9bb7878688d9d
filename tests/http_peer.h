/*
 * http_peer.h - a web server on loopback with every fault that a network ever
 * showed us, for the tests: the path says how it behaves.
 *
 * One thread a connection. Only for tests: it fails them when it cannot work.
 */
#ifndef KAROOL_TESTS_HTTP_PEER_H
#define KAROOL_TESTS_HTTP_PEER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

enum { PEER_REQUEST_MAX = 128 * 1024 };

struct http_peer {
    int listener;
    int port;
    pthread_t thread;
    atomic_uint connections, requests, open;
    atomic_bool stopping;
};

struct peer_connection {
    struct http_peer *peer;
    int fd;
};

static bool
peer_send(int fd, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len > 0) {
        ssize_t sent = send(fd, at, len, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        at += sent;
        len -= (size_t)sent;
    }
    return true;
}

static bool
peer_text(int fd, const char *text)
{
    return peer_send(fd, text, strlen(text));
}

static bool
peer_answer(int fd, const char *head, const char *body)
{
    char text[512];
    snprintf(text, sizeof(text), "%s\r\nContent-Length: %zu\r\n\r\n", head,
             strlen(body));
    return peer_text(fd, text) && peer_text(fd, body);
}

static void
peer_endless(struct http_peer *peer, int fd)
{
    char chunk[4096 + 16] = "1000\r\n";
    memset(chunk + 6, 'x', 4096);
    memcpy(chunk + 6 + 4096, "\r\n", 2);
    peer_text(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (!peer->stopping && peer_send(fd, chunk, 4096 + 8))
        ;
}

static void
peer_drip(struct http_peer *peer, int fd)
{
    peer_text(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    while (!peer->stopping && peer_send(fd, "x", 1))
        usleep(50 * 1000);
}

/* 64 MB of zeros in about 64 KB. */
static void
peer_bomb(int fd)
{
    enum { ZEROS = 1024 * 1024, TIMES = 64, PACKED_MAX = 256 * 1024 };
    z_stream stream = {0};
    unsigned char *zeros = calloc(1, ZEROS), *packed = malloc(PACKED_MAX);
    if (!zeros || !packed ||
        deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, 0) != Z_OK)
        abort();
    stream.next_out = packed;
    stream.avail_out = PACKED_MAX;
    for (int i = 0; i < TIMES; i++) {
        stream.next_in = zeros;
        stream.avail_in = ZEROS;
        deflate(&stream, i + 1 < TIMES ? Z_NO_FLUSH : Z_FINISH);
    }
    char head[128];
    snprintf(head, sizeof(head),
             "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
             "Content-Length: %lu\r\n\r\n",
             stream.total_out);
    if (peer_text(fd, head))
        peer_send(fd, packed, stream.total_out);
    deflateEnd(&stream);
    free(zeros);
    free(packed);
}

static void
peer_huge_headers(int fd)
{
    char line[1100];
    memset(line, 'x', sizeof(line));
    memcpy(line, "X-Long: ", 8);
    memcpy(line + sizeof(line) - 3, "\r\n", 3);
    peer_text(fd, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 100; i++)
        peer_text(fd, line);
    peer_text(fd, "\r\nbody");
}

static void
peer_many_headers(int fd)
{
    peer_text(fd, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 1000; i++)
        peer_text(fd, "a: b\r\n");
    peer_text(fd, "\r\nbody");
}

static void
peer_reset(int fd)
{
    struct linger at_once = {.l_onoff = 1};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

static void
peer_silence(struct http_peer *peer, int fd)
{
    char byte;
    while (!peer->stopping && recv(fd, &byte, 1, 0) > 0)
        ;
}

static bool
peer_redirect(struct http_peer *peer, int fd, const char *path)
{
    char head[600];
    const char *to = path + strlen("/to?");
    if (strncmp(path, "/to?", 4) == 0)
        snprintf(head, sizeof(head), "HTTP/1.1 302 Found\r\nLocation: %s", to);
    else if (strncmp(path, "/keep?", 6) == 0)
        snprintf(head, sizeof(head),
                 "HTTP/1.1 307 Temporary Redirect\r\nLocation: %s", path + 6);
    else if (strcmp(path, "/loop") == 0)
        snprintf(head, sizeof(head), "HTTP/1.1 301 Moved\r\nLocation: /loop");
    else
        return false;
    return peer_answer(fd, head, "moved");
}

/* Answers one request; false: close the connection. */
static bool
peer_behave(struct http_peer *peer, int fd, const char *path,
            const char *request)
{
    if (strcmp(path, "/reset") == 0)
        return peer_reset(fd), false;
    if (strcmp(path, "/endless") == 0)
        return peer_endless(peer, fd), false;
    if (strcmp(path, "/drip") == 0)
        return peer_drip(peer, fd), false;
    if (strcmp(path, "/bomb") == 0)
        return peer_bomb(fd), true;
    if (strcmp(path, "/huge-headers") == 0)
        return peer_huge_headers(fd), false;
    if (strcmp(path, "/many-headers") == 0)
        return peer_many_headers(fd), false;
    if (strcmp(path, "/silence") == 0)
        return peer_silence(peer, fd), false;
    if (strcmp(path, "/nothing") == 0)
        return false;
    if (strcmp(path, "/half") == 0)
        return peer_text(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"
                             "[{\"id\":"),
               false;
    if (strcmp(path, "/garbage") == 0)
        return peer_text(fd, "SSH-2.0-OpenSSH_9.2\r\n"), false;
    if (strcmp(path, "/html") == 0)
        return peer_answer(fd, "HTTP/1.1 200 OK\r\nContent-Type: text/html",
                           "<html>login</html>");
    if (strcmp(path, "/busy") == 0)
        return peer_answer(fd, "HTTP/1.1 429 Too Many\r\nRetry-After: 7", "");
    if (strcmp(path, "/echo") == 0)
        return peer_answer(fd, "HTTP/1.1 200 OK", request);
    return peer_redirect(peer, fd, path) ||
           peer_answer(fd,
                       "HTTP/1.1 200 OK\r\nX-Mixed-Case:  Value \r\n"
                       "Content-Type: application/json",
                       "[]");
}

/* Reads a request with its body into text; false: the client went away. */
static bool
peer_receive(int fd, char *text, size_t *held)
{
    for (;;) {
        text[*held] = '\0';
        char *end = strstr(text, "\r\n\r\n");
        const char *length = strstr(text, "Content-Length: ");
        size_t body = length && end ? strtoul(length + 16, NULL, 10) : 0;
        if (end && *held >= (size_t)(end + 4 - text) + body)
            return true;
        if (*held == PEER_REQUEST_MAX)
            return false;
        ssize_t got = recv(fd, text + *held, PEER_REQUEST_MAX - *held, 0);
        if (got <= 0)
            return false;
        *held += (size_t)got;
    }
}

static void *
peer_serve(void *context)
{
    struct peer_connection connection = *(struct peer_connection *)context;
    free(context);
    char *text = malloc(PEER_REQUEST_MAX + 1);
    if (!text)
        abort();
    for (bool more = true; more;) {
        size_t held = 0;
        char path[512];
        if (!peer_receive(connection.fd, text, &held) ||
            sscanf(text, "%*s %511s", path) != 1)
            break;
        connection.peer->requests++;
        more = peer_behave(connection.peer, connection.fd, path, text);
    }
    close(connection.fd);
    free(text);
    connection.peer->open--;
    return NULL;
}

static void *
peer_accept(void *context)
{
    struct http_peer *peer = context;
    for (;;) {
        int fd = accept(peer->listener, NULL, NULL);
        if (fd < 0 || peer->stopping) {
            if (fd >= 0)
                close(fd);
            return NULL;
        }
        struct timeval patience = {.tv_usec = 200 * 1000};
        int at_once = 1; /* head and body are sent apart */
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof(at_once));
        struct peer_connection *connection = malloc(sizeof(*connection));
        pthread_t thread;
        if (!connection)
            abort();
        *connection = (struct peer_connection){peer, fd};
        peer->connections++;
        peer->open++;
        if (pthread_create(&thread, NULL, peer_serve, connection) != 0)
            abort();
        pthread_detach(thread);
    }
}

static struct http_peer *
http_peer_start(void)
{
    struct http_peer *peer = calloc(1, sizeof(*peer));
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof(address);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (!peer)
        abort();
    peer->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(peer->listener, (struct sockaddr *)&address, len) != 0 ||
        listen(peer->listener, 512) != 0 ||
        getsockname(peer->listener, (struct sockaddr *)&address, &len) != 0 ||
        pthread_create(&peer->thread, NULL, peer_accept, peer) != 0)
        abort();
    peer->port = ntohs(address.sin_port);
    return peer;
}

/* Clients must have closed their connections. */
static void
http_peer_stop(struct http_peer *peer)
{
    peer->stopping = true;
    shutdown(peer->listener, SHUT_RDWR);
    pthread_join(peer->thread, NULL);
    close(peer->listener);
    for (int i = 0; peer->open > 0 && i < 1000; i++)
        usleep(5 * 1000);
    if (peer->open > 0)
        abort();
    free(peer);
}

#endif
