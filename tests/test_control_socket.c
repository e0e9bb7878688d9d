#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buffer.h"
#include "clock.h"
#include "control_socket.h"

enum { LONG_LINES = 20000 };

struct ground {
    char folder[64];
    struct control_socket *server;
    uint64_t waiting; /* the last question that is answered later */
    int heard;
};

/* What a person's command does, on a thread of its own. */
struct asking {
    const struct ground *ground;
    const char *request;
    int timeout_ms;
    pthread_t thread;
    atomic_bool over;
    bool answered, ok;
    size_t lines;
    struct buffer text;
    struct error err;
};

static void
on_request(void *context, uint64_t question, struct span request)
{
    struct ground *ground = context;
    ground->heard++;
    if (span_is(request, "later")) {
        ground->waiting = question;
        return;
    }
    CLEANUP(buffer_done) struct buffer text = {0};
    if (span_is(request, "long"))
        for (int i = 0; i < LONG_LINES; i++)
            buffer_printf(&text, "line %d of an answer\n", i);
    else
        buffer_printf(&text, "you said %.*s\nok\n", SPAN_ARGS(request));
    control_socket_answer(ground->server, question, buffer_span(&text),
                          !span_is(request, "no"));
}

static int
setup(void **state)
{
    static struct ground ground;
    ground = (struct ground){.folder = "/tmp/karool-control-XXXXXX"};
    if (!mkdtemp(ground.folder))
        return -1;
    ground.server =
        control_socket_new(ground.folder, on_request, &ground, NULL);
    *state = &ground;
    return ground.server ? 0 : -1;
}

static int
teardown(void **state)
{
    struct ground *ground = *state;
    char path[96];
    control_socket_free(ground->server);
    snprintf(path, sizeof(path), "%s/control.lock", ground->folder);
    unlink(path);
    return rmdir(ground->folder); /* so the socket is gone */
}

static void
on_line(void *context, struct span line)
{
    struct asking *asking = context;
    asking->lines++;
    buffer_append_span(&asking->text, line);
    buffer_append_byte(&asking->text, '\n');
}

static void *
ask(void *context)
{
    struct asking *asking = context;
    asking->answered = control_socket_ask(
        asking->ground->folder, asking->request, asking->timeout_ms, on_line,
        asking, &asking->ok, &asking->err);
    atomic_store(&asking->over, true);
    return NULL;
}

static void
begin(struct asking *asking, const struct ground *ground, const char *request)
{
    *asking = (struct asking){
        .ground = ground, .request = request, .timeout_ms = 5000};
    assert_int_equal(pthread_create(&asking->thread, NULL, ask, asking), 0);
}

static void
work(struct ground *ground, int wait_ms)
{
    struct pollfd waited = {.fd = control_socket_fd(ground->server),
                            .events = POLLIN};
    poll(&waited, 1, wait_ms);
    control_socket_work(ground->server);
}

static void
finish(struct asking *asking, struct ground *ground)
{
    int64_t until_ms = clock_monotonic_ms() + 10000;
    while (!atomic_load(&asking->over) && clock_monotonic_ms() < until_ms)
        work(ground, 10);
    pthread_join(asking->thread, NULL);
}

static int
connect_to(const struct ground *ground)
{
    struct sockaddr_un address;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(control_socket_address(ground->folder, &address, NULL));
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)),
                     0);
    return fd;
}

static void
an_answer_is_lines_and_whether_it_is_good(void **state)
{
    struct asking yes, no;
    begin(&yes, *state, "hello");
    finish(&yes, *state);
    begin(&no, *state, "no");
    finish(&no, *state);
    assert_true(yes.answered && yes.ok);
    /* A line of the answer that reads "ok" ends nothing. */
    assert_string_equal(buffer_text(&yes.text), "you said hello\nok\n");
    assert_true(no.answered);
    assert_false(no.ok);
    assert_int_equal(no.lines, 2);
    buffer_done(&yes.text);
    buffer_done(&no.text);
}

static void
an_answer_longer_than_any_socket_holds_arrives_whole(void **state)
{
    struct asking asking;
    begin(&asking, *state, "long");
    finish(&asking, *state);
    assert_true(asking.answered && asking.ok);
    assert_int_equal(asking.lines, LONG_LINES);
    buffer_done(&asking.text);
}

static void
one_that_is_answered_later_holds_up_no_other(void **state)
{
    struct ground *ground = *state;
    struct asking later, other;
    begin(&later, ground, "later");
    while (!ground->waiting)
        work(ground, 10);
    begin(&other, ground, "hello");
    finish(&other, ground);
    assert_true(other.answered && !atomic_load(&later.over));
    control_socket_answer(ground->server, ground->waiting, span_of("done"),
                          true);
    finish(&later, ground);
    assert_true(later.answered && later.ok);
    assert_string_equal(buffer_text(&later.text), "done\n");
    buffer_done(&later.text);
    buffer_done(&other.text);
}

static void
an_asker_that_went_away_is_answered_without_harm(void **state)
{
    struct ground *ground = *state;
    int fd = connect_to(ground);
    assert_int_equal(send(fd, "later\n", 6, 0), 6);
    while (!ground->waiting)
        work(ground, 10);
    close(fd);
    work(ground, 100);
    control_socket_answer(ground->server, ground->waiting, span_of("late"),
                          true);
    struct asking asking;
    begin(&asking, ground, "hello");
    finish(&asking, ground);
    assert_true(asking.answered);
    buffer_done(&asking.text);
}

static void
a_ninth_asker_is_told_that_there_are_eight(void **state)
{
    struct ground *ground = *state;
    int fds[CONTROL_ASKERS];
    for (int i = 0; i < CONTROL_ASKERS; i++) {
        fds[i] = connect_to(ground);
        work(ground, 100);
    }
    struct asking asking;
    begin(&asking, ground, "hello");
    finish(&asking, ground);
    assert_false(asking.ok);
    assert_int_equal(ground->heard, 0);
    for (int i = 0; i < CONTROL_ASKERS; i++)
        close(fds[i]);
    buffer_done(&asking.text);
}

static void
a_request_without_an_end_is_refused(void **state)
{
    struct ground *ground = *state;
    char request[CONTROL_LINE_BYTES], answer[128] = "";
    memset(request, 'x', sizeof(request));
    int fd = connect_to(ground);
    assert_int_equal(send(fd, request, sizeof(request), 0), sizeof(request));
    for (int i = 0; i < 3; i++)
        work(ground, 20);
    ssize_t got = recv(fd, answer, sizeof(answer) - 1, MSG_DONTWAIT);
    close(fd);
    assert_true(got > 0);
    assert_string_equal(answer, " the request is too long\nfailed\n");
    assert_int_equal(ground->heard, 0);
}

static void
who_says_nothing_is_dropped(void **state)
{
    struct ground *ground = *state;
    char byte;
    int fd = connect_to(ground);
    int64_t until_ms = clock_monotonic_ms() + CONTROL_PATIENCE_MS + 300;
    ssize_t early = 0;
    while (clock_monotonic_ms() < until_ms) {
        early = early ? early : recv(fd, &byte, 1, MSG_DONTWAIT);
        work(ground, 100);
    }
    assert_int_equal(early, -1); /* it was kept waiting at first */
    assert_int_equal(recv(fd, &byte, 1, MSG_DONTWAIT), 0);
    close(fd);
}

static void
a_second_daemon_is_told_of_the_first(void **state)
{
    struct ground *ground = *state;
    struct error err = {0};
    assert_null(control_socket_new(ground->folder, on_request, NULL, &err));
    assert_int_equal(err.kind, ERROR_RETRY);
    assert_non_null(strstr(err.message, "already runs with this campaign"));
    struct asking asking; /* and the first one's socket is still there */
    begin(&asking, ground, "hello");
    finish(&asking, ground);
    assert_true(asking.answered);
    buffer_done(&asking.text);
}

static void
the_socket_of_a_dead_process_is_taken_over(void **state)
{
    struct ground *ground = *state;
    control_socket_freep(&ground->server);
    pid_t child = fork();
    if (child == 0) {
        bool listens =
            control_socket_new(ground->folder, on_request, NULL, NULL);
        raise(listens ? SIGKILL : SIGABRT);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WTERMSIG(status), SIGKILL);
    struct asking asking;
    begin(&asking, ground, "hello");
    pthread_join(asking.thread, NULL);
    assert_false(asking.answered);
    assert_non_null(strstr(asking.err.message, "is karool running?"));
    struct error err = {0};
    ground->server =
        control_socket_new(ground->folder, on_request, ground, &err);
    assert_non_null(ground->server);
}

static void
strangers_are_kept_out(void **state)
{
    struct ground *ground = *state;
    struct sockaddr_un address;
    struct stat stat_of;
    assert_true(control_socket_address(ground->folder, &address, NULL));
    assert_int_equal(stat(address.sun_path, &stat_of), 0);
    assert_int_equal(stat_of.st_mode & 07777, 0660);
}

static void
no_daemon_is_an_error_with_the_path(void **state)
{
    struct error err = {0};
    bool ok;
    assert_false(control_socket_ask("/tmp/karool-nobody", "reload", 100,
                                    on_line, NULL, &ok, &err));
    assert_string_equal(err.message,
                        "nobody answers at /tmp/karool-nobody/control: is "
                        "karool running?");
}

static void
a_path_too_long_for_a_socket_is_said(void **state)
{
    char folder[200];
    struct error err = {0};
    memset(folder, 'a', sizeof(folder));
    folder[0] = '/';
    folder[sizeof(folder) - 1] = '\0';
    assert_null(control_socket_new(folder, on_request, NULL, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_non_null(strstr(err.message, "set runtime_directory"));
}

static void
a_daemon_that_never_answers_is_waited_for_so_long(void **state)
{
    struct ground *ground = *state;
    struct error err = {0};
    bool ok;
    assert_false(control_socket_ask(ground->folder, "later", 100, on_line, NULL,
                                    &ok, &err));
    assert_non_null(strstr(err.message, "no answer"));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(an_answer_is_lines_and_whether_it_is_good),
        TEST(an_answer_longer_than_any_socket_holds_arrives_whole),
        TEST(one_that_is_answered_later_holds_up_no_other),
        TEST(an_asker_that_went_away_is_answered_without_harm),
        TEST(a_ninth_asker_is_told_that_there_are_eight),
        TEST(a_request_without_an_end_is_refused),
        TEST(who_says_nothing_is_dropped),
        TEST(a_second_daemon_is_told_of_the_first),
        TEST(the_socket_of_a_dead_process_is_taken_over),
        TEST(strangers_are_kept_out),
        TEST(no_daemon_is_an_error_with_the_path),
        TEST(a_path_too_long_for_a_socket_is_said),
        TEST(a_daemon_that_never_answers_is_waited_for_so_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
