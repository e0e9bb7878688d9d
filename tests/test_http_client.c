#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http_peer.h"

#include "buffer.h"
#include "clock.h"
#include "http_client.h"
#include "redact.h"

struct answer {
    unsigned calls;
    enum response_failure failure;
    unsigned status;
    char reason[256];
    struct buffer body;
    char header[64]; /* the value of the one that was asked for */
    const char *wanted;
};

static struct http_peer *peer;
static struct http_client *client;
static struct error err;

static int
setup(void **state)
{
    peer = http_peer_start();
    client = http_client_new(&err);
    return client ? 0 : -1;
}

static int
teardown(void **state)
{
    http_client_free(client);
    http_peer_stop(peer);
    return 0;
}

static void
keep(void *context, const struct response *response)
{
    struct answer *answer = context;
    answer->calls++;
    answer->failure = response->failure;
    answer->status = response->status;
    memcpy(answer->reason, response->reason, sizeof(answer->reason));
    if (response->body.len)
        buffer_append_span(&answer->body, response->body);
    if (!answer->wanted)
        return;
    for (size_t i = 0; i < response->header_count; i++)
        if (span_is(response->headers[i].name, answer->wanted))
            snprintf(answer->header, sizeof(answer->header), "%.*s",
                     SPAN_ARGS(response->headers[i].value));
}

static struct request
request_of(struct buffer *url, const char *path)
{
    buffer_printf(url, "http://127.0.0.1:%d%s", peer->port, path);
    return (struct request){.method = span_of("GET"),
                            .url = buffer_span(url),
                            .allow_http = true,
                            .allow_local = true,
                            .timeout_ms = 5000};
}

static void
run_until(struct answer *answer, unsigned calls)
{
    int64_t limit_ms = clock_monotonic_ms() + 20 * 1000;
    while (answer->calls < calls && clock_monotonic_ms() < limit_ms)
        assert_true(http_client_run(client, 1000, &err));
    assert_int_equal(answer->calls, calls);
}

/* The whole exchange; the answer's body must be freed. */
static struct answer
ask(const struct request *request)
{
    struct answer answer = {.wanted = "x-mixed-case"};
    assert_true(http_client_start(client, request, keep, &answer, &err));
    run_until(&answer, 1);
    assert_int_equal(http_client_active(client), 0);
    return answer;
}

static void
assert_outcome(const char *path, enum response_failure failure,
               const char *reason)
{
    CLEANUP(buffer_done) struct buffer url = {0};
    struct request request = request_of(&url, path);
    struct answer answer = ask(&request);
    if (answer.failure != failure || !strstr(answer.reason, reason))
        fail_msg("%s: %d %s", path, (int)answer.failure, answer.reason);
    buffer_done(&answer.body);
}

static void
an_answer_comes_with_status_headers_and_body(void **state)
{
    CLEANUP(buffer_done) struct buffer url = {0};
    struct request request = request_of(&url, "/ok");
    struct answer answer = ask(&request);
    assert_int_equal(answer.failure, RESPONSE_OK);
    assert_int_equal(answer.status, 200);
    assert_string_equal(buffer_text(&answer.body), "[]");
    assert_string_equal(answer.header, "Value");
    assert_string_equal(answer.reason, "");
    buffer_done(&answer.body);
}

static void
an_error_status_is_an_answer(void **state)
{
    CLEANUP(buffer_done) struct buffer url = {0};
    struct request request = request_of(&url, "/busy");
    struct answer answer = ask(&request);
    assert_int_equal(answer.failure, RESPONSE_OK);
    assert_int_equal(answer.status, 429);
    buffer_done(&answer.body);
    assert_outcome("/html", RESPONSE_OK, "");
}

static void
the_question_is_sent_as_it_was_asked(void **state)
{
    CLEANUP(buffer_done) struct buffer url = {0};
    struct request request = request_of(&url, "/echo");
    struct header headers[] = {{span_of("X-Test"), span_of("бир")}};
    request.headers = headers;
    request.header_count = 1;
    request.method = span_of("POST");
    request.body = (struct span){"a\0b", 3};
    request.user_agent = "desk/1";
    struct answer answer = ask(&request);
    const char *text = buffer_text(&answer.body);
    assert_non_null(strstr(text, "POST /echo HTTP/1.1\r\n"));
    assert_non_null(strstr(text, "X-Test: бир\r\n"));
    assert_non_null(strstr(text, "User-Agent: desk/1\r\n"));
    assert_non_null(strstr(text, "Content-Length: 3\r\n"));
    assert_non_null(strstr(text, "gzip"));
    assert_null(strstr(text, "Expect"));
    buffer_done(&answer.body);
}

static void
we_say_who_we_are(void **state)
{
    CLEANUP(buffer_done) struct buffer url = {0};
    struct request request = request_of(&url, "/echo");
    struct answer answer = ask(&request);
    assert_non_null(strstr(buffer_text(&answer.body),
                           "User-Agent: karool/" KAROOL_VERSION));
    buffer_done(&answer.body);
}

static void
connections_are_used_again(void **state)
{
    for (int i = 0; i < 5; i++)
        assert_outcome("/ok", RESPONSE_OK, "");
    assert_int_equal(peer->connections, 1);
    assert_int_equal(peer->requests, 5);
}

static void
many_requests_go_on_at_once_within_the_limit_of_a_host(void **state)
{
    CLEANUP(buffer_done) struct buffer url = {0};
    struct request request = request_of(&url, "/ok");
    struct answer answer = {0};
    for (int i = 0; i < 300; i++)
        assert_true(http_client_start(client, &request, keep, &answer, &err));
    assert_int_equal(http_client_active(client), 300);
    run_until(&answer, 300);
    assert_int_equal(peer->requests, 300);
    assert_in_range(peer->connections, 1, 6);
    buffer_done(&answer.body);
}

static void
broken_answers_are_told_apart(void **state)
{
    assert_outcome("/reset", RESPONSE_UNREACHABLE, "127.0.0.1: ");
    assert_outcome("/nothing", RESPONSE_UNREACHABLE, "mpty reply");
    assert_outcome("/half", RESPONSE_UNREACHABLE, "remaining");
    assert_outcome("/garbage", RESPONSE_UNREACHABLE, "HTTP/0.9");
    assert_outcome("/endless", RESPONSE_TOO_LARGE, "16777216 bytes");
    assert_outcome("/bomb", RESPONSE_TOO_LARGE, "16777216 bytes");
    assert_outcome("/huge-headers", RESPONSE_TOO_LARGE, "headers");
    assert_outcome("/many-headers", RESPONSE_TOO_LARGE, "headers");
}

static void
an_answer_as_large_as_allowed_is_taken(void **state)
{
    CLEANUP(buffer_done) struct buffer url = {0};
    struct request request = request_of(&url, "/ok");
    request.max_bytes = 2;
    struct answer answer = ask(&request);
    assert_int_equal(answer.failure, RESPONSE_OK);
    buffer_done(&answer.body);
    request.max_bytes = 1;
    answer = ask(&request);
    assert_int_equal(answer.failure, RESPONSE_TOO_LARGE);
}

static void
slow_servers_are_left(void **state)
{
    CLEANUP(buffer_done) struct buffer drip = {0};
    CLEANUP(buffer_done) struct buffer silence = {0};
    int64_t start_ms = clock_monotonic_ms();
    struct request request = request_of(&drip, "/drip");
    request.timeout_ms = 400;
    struct answer answer = ask(&request);
    assert_int_equal(answer.failure, RESPONSE_TOO_SLOW);
    buffer_done(&answer.body);

    request = request_of(&silence, "/silence");
    request.timeout_ms = 400;
    answer = ask(&request);
    assert_int_equal(answer.failure, RESPONSE_UNREACHABLE);
    assert_non_null(strstr(answer.reason, "no answer in time"));
    assert_true(clock_monotonic_ms() - start_ms < 20 * 1000);
}

static void
a_closed_port_is_unreachable(void **state)
{
    CLEANUP(buffer_done) struct buffer url = {0};
    struct request request = request_of(&url, "/");
    buffer_clear(&url);
    buffer_append_text(&url, "http://127.0.0.1:1/secret?token=hidden");
    request.url = buffer_span(&url);
    struct answer answer = ask(&request);
    assert_int_equal(answer.failure, RESPONSE_UNREACHABLE);
    assert_null(strstr(answer.reason, "hidden"));
}

static void
redirects_within_the_origin_are_followed(void **state)
{
    assert_outcome("/to?/ok", RESPONSE_OK, "");
    assert_outcome("/to?/to?/to?/ok", RESPONSE_OK, "");
    assert_outcome("/to?ok#part", RESPONSE_OK, "");
    assert_int_equal(peer->connections, 1);
    assert_outcome("/loop", RESPONSE_REDIRECT, "more than 5");
}

static void
redirects_elsewhere_are_refused(void **state)
{
    assert_outcome("/to?http://127.0.0.1:1/?token=hidden", RESPONSE_REDIRECT,
                   "http://127.0.0.1:1;");
    assert_outcome("/to?http://localhost/", RESPONSE_REDIRECT, "elsewhere");
    assert_outcome("/to?//example.org/", RESPONSE_REDIRECT, "example.org");
    assert_outcome("/to?file:///etc/passwd", RESPONSE_REDIRECT, "file");
    assert_outcome("/to?http://a:b@127.0.0.1/", RESPONSE_REDIRECT, "user");
    assert_int_equal(peer->requests, 5);
}

static void
a_redirected_post_repeats_only_when_told(void **state)
{
    CLEANUP(buffer_done) struct buffer keep_url = {0};
    CLEANUP(buffer_done) struct buffer to_url = {0};
    struct request request = request_of(&keep_url, "/keep?/echo");
    request.method = span_of("POST");
    request.body = span_of("question");
    struct answer answer = ask(&request);
    assert_non_null(strstr(buffer_text(&answer.body), "POST /echo"));
    assert_non_null(strstr(buffer_text(&answer.body), "question"));
    buffer_done(&answer.body);

    request.url = request_of(&to_url, "/to?/echo").url;
    answer = ask(&request);
    assert_non_null(strstr(buffer_text(&answer.body), "GET /echo"));
    assert_null(strstr(buffer_text(&answer.body), "question"));
    buffer_done(&answer.body);
}

static void
local_addresses_are_refused_unless_allowed(void **state)
{
    CLEANUP(buffer_done) struct buffer url = {0};
    struct request request = request_of(&url, "/ok");
    request.allow_local = false;
    struct answer answer = ask(&request);
    assert_int_equal(answer.failure, RESPONSE_REFUSED);
    assert_non_null(strstr(answer.reason, "local: true"));
    buffer_clear(&url);
    buffer_printf(&url, "http://localhost:%d/", peer->port);
    request.url = buffer_span(&url);
    answer = ask(&request);
    assert_int_equal(answer.failure, RESPONSE_REFUSED);
    assert_int_equal(peer->connections, 0);
}

static void
a_connection_of_a_local_source_serves_no_other(void **state)
{
    assert_outcome("/ok", RESPONSE_OK, "");
    CLEANUP(buffer_done) struct buffer url = {0};
    struct request request = request_of(&url, "/ok");
    request.allow_local = false;
    struct answer answer = ask(&request);
    assert_int_equal(answer.failure, RESPONSE_REFUSED);
    assert_int_equal(peer->requests, 1);
}

static void
a_proxy_reaches_no_local_address(void **state)
{
    CLEANUP(buffer_done) struct buffer proxy = {0};
    buffer_printf(&proxy, "http://127.0.0.1:%d", peer->port);
    struct request request = {.method = span_of("GET"),
                              .url = span_of("http://192.168.0.1/"),
                              .allow_http = true,
                              .proxy = buffer_text(&proxy)};
    struct answer answer = ask(&request);
    assert_int_equal(answer.failure, RESPONSE_REFUSED);
    assert_int_equal(peer->requests, 0);

    request.url = span_of("http://example.org/");
    answer = ask(&request);
    assert_int_equal(answer.failure, RESPONSE_OK);
    assert_int_equal(peer->requests, 1);
    buffer_done(&answer.body);
}

static void
the_proxy_of_the_environment_is_not_used(void **state)
{
    assert_int_equal(setenv("http_proxy", "http://127.0.0.1:1", 1), 0);
    assert_outcome("/ok", RESPONSE_OK, "");
    assert_int_equal(unsetenv("http_proxy"), 0);
}

static void
plain_http_is_refused_unless_allowed(void **state)
{
    CLEANUP(buffer_done) struct buffer url = {0};
    struct request request = request_of(&url, "/ok");
    request.allow_http = false;
    struct answer answer = ask(&request);
    assert_int_equal(answer.failure, RESPONSE_REFUSED);
    assert_non_null(strstr(answer.reason, "http: allow"));

    request.allow_http = true;
    request.carries_secret = true;
    answer = ask(&request);
    assert_int_equal(answer.failure, RESPONSE_REFUSED);
    assert_non_null(strstr(answer.reason, "secret"));
    assert_int_equal(peer->connections, 0);
}

static void
other_urls_are_refused_at_once(void **state)
{
    static const char *const urls[] = {"file:///etc/passwd",
                                       "ftp://example.org/",
                                       "http://user:word@127.0.0.1/",
                                       "example",
                                       "",
                                       "https://"};
    for (size_t i = 0; i < COUNT_OF(urls); i++) {
        struct request request = {.method = span_of("GET"),
                                  .url = span_of(urls[i]),
                                  .allow_http = true,
                                  .allow_local = true};
        struct answer answer = ask(&request);
        assert_int_equal(answer.failure, RESPONSE_REFUSED);
    }
}

static void
a_header_cannot_smuggle_another(void **state)
{
    CLEANUP(buffer_done) struct buffer url = {0};
    struct request request = request_of(&url, "/echo");
    struct header header = {span_of("X-Test"), span_of("a\r\nX-Other: b")};
    request.headers = &header;
    request.header_count = 1;
    struct answer answer = ask(&request);
    assert_int_equal(answer.failure, RESPONSE_REFUSED);
    assert_int_equal(peer->requests, 0);
}

static void
reasons_hold_no_secret(void **state)
{
    redact_add(span_of("secret-host-part.invalid"));
    struct request request = {.method = span_of("GET"),
                              .url =
                                  span_of("https://secret-host-part.invalid/"),
                              .timeout_ms = 3000};
    struct answer answer = ask(&request);
    assert_int_equal(answer.failure, RESPONSE_UNREACHABLE);
    assert_null(strstr(answer.reason, "secret-host-part"));
    assert_non_null(strstr(answer.reason, "***"));
}

static void
cancelled_requests_are_never_answered(void **state)
{
    CLEANUP(buffer_done) struct buffer url = {0};
    struct request request = request_of(&url, "/ok");
    struct request refused = {.url = span_of("x")};
    struct answer gone = {0}, stays = {0};
    assert_true(http_client_start(client, &request, keep, &gone, &err));
    assert_true(http_client_start(client, &refused, keep, &gone, &err));
    assert_true(http_client_start(client, &request, keep, &stays, &err));
    http_client_cancel(client, &gone);
    assert_int_equal(http_client_active(client), 1);
    run_until(&stays, 1);
    assert_int_equal(gone.calls, 0);
    buffer_done(&stays.body);
}

static void *
wake_later(void *context)
{
    usleep(100 * 1000);
    http_client_wake(context);
    return NULL;
}

static void
a_wait_ends_when_woken(void **state)
{
    pthread_t thread;
    int64_t start_ms = clock_monotonic_ms();
    assert_int_equal(pthread_create(&thread, NULL, wake_later, client), 0);
    assert_true(http_client_run(client, 20 * 1000, &err));
    assert_true(clock_monotonic_ms() - start_ms < 15 * 1000);
    pthread_join(thread, NULL);
}

static void
freeing_ends_what_is_under_way(void **state)
{
    CLEANUP(buffer_done) struct buffer url = {0};
    struct request request = request_of(&url, "/silence");
    struct answer answer = {0};
    for (int i = 0; i < 10; i++)
        assert_true(http_client_start(client, &request, keep, &answer, &err));
    assert_true(http_client_run(client, 50, &err));
    http_client_free(client);
    client = NULL;
    assert_int_equal(answer.calls, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_answer_comes_with_status_headers_and_body),
        TEST(an_error_status_is_an_answer),
        TEST(the_question_is_sent_as_it_was_asked),
        TEST(we_say_who_we_are),
        TEST(connections_are_used_again),
        TEST(many_requests_go_on_at_once_within_the_limit_of_a_host),
        TEST(broken_answers_are_told_apart),
        TEST(an_answer_as_large_as_allowed_is_taken),
        TEST(slow_servers_are_left),
        TEST(a_closed_port_is_unreachable),
        TEST(redirects_within_the_origin_are_followed),
        TEST(redirects_elsewhere_are_refused),
        TEST(a_redirected_post_repeats_only_when_told),
        TEST(local_addresses_are_refused_unless_allowed),
        TEST(a_connection_of_a_local_source_serves_no_other),
        TEST(a_proxy_reaches_no_local_address),
        TEST(the_proxy_of_the_environment_is_not_used),
        TEST(plain_http_is_refused_unless_allowed),
        TEST(other_urls_are_refused_at_once),
        TEST(a_header_cannot_smuggle_another),
        TEST(reasons_hold_no_secret),
        TEST(cancelled_requests_are_never_answered),
        TEST(a_wait_ends_when_woken),
        TEST(freeing_ends_what_is_under_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
