/*
 * TLS is verified: against a server of openssl(1) with a certificate of its
 * own. Skipped where that program is not installed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buffer.h"
#include "clock.h"
#include "http_client.h"

static char folder[] = "/tmp/karool-tls-XXXXXX";
static char certificate[64];
static int port;
static pid_t server;
static struct http_client *client;
static struct error err;

static int
make_certificate(void)
{
    char command[512];
    snprintf(command, sizeof(command),
             "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=x "
             "-addext subjectAltName=DNS:localhost -keyout %s/key.pem "
             "-out %s/cert.pem 2>/dev/null",
             folder, folder);
    return system(command);
}

static int
free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof(address);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(fd, (struct sockaddr *)&address, len) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &len) != 0)
        abort();
    close(fd);
    return ntohs(address.sin_port);
}

static void
run_server(void)
{
    char accept_text[32];
    snprintf(accept_text, sizeof(accept_text), "127.0.0.1:%d", port);
    int null = open("/dev/null", O_RDWR);
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
    if (chdir(folder) == 0)
        execlp("openssl", "openssl", "s_server", "-quiet", "-accept",
               accept_text, "-www", "-cert", "cert.pem", "-key", "key.pem",
               (char *)NULL);
    _exit(127);
}

static bool
server_answers(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < 200; i++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        int result = connect(fd, (struct sockaddr *)&address, sizeof(address));
        close(fd);
        if (result == 0)
            return true;
        usleep(25 * 1000);
    }
    return false;
}

static int
setup(void **state)
{
    client = http_client_new(&err);
    if (!client || !mkdtemp(folder))
        return -1;
    snprintf(certificate, sizeof(certificate), "%s/cert.pem", folder);
    if (make_certificate() != 0)
        return 0;
    port = free_port();
    server = fork();
    if (server == 0)
        run_server();
    return server_answers() ? 0 : -1;
}

static int
teardown(void **state)
{
    char command[128];
    if (server > 0) {
        kill(server, SIGKILL);
        waitpid(server, NULL, 0);
    }
    http_client_free(client);
    snprintf(command, sizeof(command), "rm -r %s", folder);
    return system(command);
}

static void
keep(void *context, const struct response *response)
{
    struct response *answer = context;
    *answer = *response;
    answer->body = SPAN_NONE;
    answer->headers = NULL;
}

static struct response
ask(const char *host)
{
    if (server <= 0)
        skip();
    char url[128];
    snprintf(url, sizeof(url), "https://%s:%d/", host, port);
    struct request request = {.method = span_of("GET"),
                              .url = span_of(url),
                              .carries_secret = true,
                              .allow_local = true,
                              .timeout_ms = 5000};
    struct response answer = {0};
    int64_t limit_ms = clock_monotonic_ms() + 10 * 1000;
    assert_true(http_client_start(client, &request, keep, &answer, &err));
    while (http_client_active(client) && clock_monotonic_ms() < limit_ms)
        assert_true(http_client_run(client, 500, &err));
    return answer;
}

static void
an_unknown_authority_is_refused(void **state)
{
    struct response answer = ask("localhost");
    assert_int_equal(answer.failure, RESPONSE_UNREACHABLE);
    assert_non_null(strstr(answer.reason, "certificate"));
}

static void
an_authority_of_the_environment_is_trusted(void **state)
{
    setenv("SSL_CERT_FILE", certificate, 1);
    struct response answer = ask("localhost");
    unsetenv("SSL_CERT_FILE");
    assert_int_equal(answer.failure, RESPONSE_OK);
    assert_int_equal(answer.status, 200);
}

static void
a_certificate_for_another_name_is_refused(void **state)
{
    setenv("SSL_CERT_FILE", certificate, 1);
    struct response answer = ask("127.0.0.1");
    unsetenv("SSL_CERT_FILE");
    assert_int_equal(answer.failure, RESPONSE_UNREACHABLE);
    assert_non_null(strstr(answer.reason, "127.0.0.1"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_authority_is_refused),
        cmocka_unit_test(an_authority_of_the_environment_is_trusted),
        cmocka_unit_test(a_certificate_for_another_name_is_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
