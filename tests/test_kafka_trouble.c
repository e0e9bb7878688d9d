#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "kafka_trouble.h"

static void
says(const char *words)
{
    struct error err = {.kind = ERROR_RETRY, .message = "Kafka is away"};
    kafka_trouble_explain(&err, "kafka:9093");
    if (!strstr(err.message, words) || !strstr(err.message, "kafka:9093"))
        fail_msg("no \"%s\" in: %s", words, err.message);
}

static void
what_is_not_known_leaves_the_message_alone(void **state)
{
    struct error err = {.kind = ERROR_RETRY, .message = "Kafka is away"};
    assert_false(kafka_trouble_note("Connect to ipv4#127.0.0.1:9 failed"));
    assert_false(kafka_trouble_fresh());
    kafka_trouble_explain(&err, "kafka:9093");
    assert_string_equal(err.message, "Kafka is away");
}

static void
a_person_reads_what_to_mend(void **state)
{
    static const char *const cases[][2] = {
        {"SASL authentication error: Authentication failed: Invalid username "
         "or password (after 1ms in state AUTH_REQ)",
         "user or password is wrong"},
        {"SSL handshake failed: error:0A00010B:SSL routines::wrong version "
         "number",
         "does not speak TLS"},
        {"SSL handshake failed: something new", "something new"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_true(kafka_trouble_note(cases[i][0]));
        says(cases[i][1]);
    }
}

static void
a_certificate_tells_more_than_the_handshake(void **state)
{
    kafka_trouble_certificate(62);
    assert_true(kafka_trouble_note("SSL handshake failed: error:0A000086:SSL "
                                   "routines::certificate verify failed"));
    says("another host name");
    kafka_trouble_certificate(19);
    says("ssl.ca.location");
    kafka_trouble_certificate(10);
    says("has expired");
    kafka_trouble_certificate(23);
    says("reason 23");
}

static void
who_hangs_up_after_an_answer_is_going_down(void **state)
{
    static const char guess[] =
        "Disconnected while requesting ApiVersion: might be caused by "
        "incorrect security.protocol configuration";
    assert_false(kafka_trouble_has_answered());
    assert_true(kafka_trouble_note(guess));
    says("it wants TLS or a password");
    assert_true(kafka_trouble_note("Authentication failed"));
    kafka_trouble_answered();
    assert_true(kafka_trouble_has_answered());
    assert_true(kafka_trouble_note(guess));
    says("user or password is wrong");
}

static void
what_can_be_mended_says_how(void **state)
{
    /* The codes of the protocol. */
    static const struct {
        int code;
        const char *words;
    } cases[] = {{29, "Create on its topics"},
                 {30, "on its groups"},
                 {32, "compare the clocks"},
                 {31, "Create on its topics"},
                 {53, "on its transactional ids"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_true(kafka_trouble_advises(cases[i].code));
        assert_non_null(
            strstr(kafka_trouble_text(cases[i].code), cases[i].words));
    }
    assert_false(kafka_trouble_advises(7));
    assert_non_null(strstr(kafka_trouble_text(7), "timed out"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_known_leaves_the_message_alone),
        cmocka_unit_test(a_person_reads_what_to_mend),
        cmocka_unit_test(who_hangs_up_after_an_answer_is_going_down),
        cmocka_unit_test(what_can_be_mended_says_how),
        cmocka_unit_test(a_certificate_tells_more_than_the_handshake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
