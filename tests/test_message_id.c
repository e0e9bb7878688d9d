#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "message_id.h"

static void
a_key_is_the_id(void **state)
{
    char text[MESSAGE_ID_SIZE];
    const struct kafka_message message = {.key = span_of("mastodon:1")};
    assert_true(span_is(message_id(&message, "posts", text), "mastodon:1"));
}

static void
without_a_key_the_place_is_the_id(void **state)
{
    char text[MESSAGE_ID_SIZE];
    struct kafka_message message = {.partition = 3, .offset = 12345678901};
    assert_true(
        span_is(message_id(&message, "posts", text), "posts/3/12345678901"));
    message.key = span_of(""); /* says nothing either */
    assert_true(
        span_is(message_id(&message, "posts", text), "posts/3/12345678901"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_the_id),
        cmocka_unit_test(without_a_key_the_place_is_the_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
