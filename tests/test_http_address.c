#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "http_address.h"

static bool
is_public(const char *text)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        return http_address_public((const struct sockaddr *)&v4);
    assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
    return http_address_public((const struct sockaddr *)&v6);
}

static void
addresses_of_the_internet_are_public(void **state)
{
    static const char *const addresses[] = {
        "1.1.1.1",         "9.255.255.255",    "11.0.0.0",
        "100.63.255.255",  "100.128.0.0",      "172.15.255.255",
        "172.32.0.0",      "192.167.255.255",  "198.20.0.0",
        "223.255.255.255", "2a00::1",          "2606:4700::1111",
        "::ffff:8.8.8.8",  "64:ff9b::808:808", "2002:808:808::1",
    };
    for (size_t i = 0; i < COUNT_OF(addresses); i++)
        if (!is_public(addresses[i]))
            fail_msg("%s", addresses[i]);
}

static void
special_addresses_are_not_public(void **state)
{
    static const char *const addresses[] = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.168.1.1",
        "198.19.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::1",
        "2001::1",
        "2001:db8::1",
        "fc00::1",
        "fdff::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "3fff::1",
        "4000::1",
    };
    for (size_t i = 0; i < COUNT_OF(addresses); i++)
        if (is_public(addresses[i]))
            fail_msg("%s", addresses[i]);
}

static void
a_local_socket_is_not_public(void **state)
{
    struct sockaddr other = {.sa_family = AF_UNIX};
    assert_false(http_address_public(&other));
}

static void
host_texts_are_refused_when_they_are_local(void **state)
{
    assert_true(http_address_text_local("127.0.0.1"));
    assert_true(http_address_text_local("[::1]"));
    assert_true(http_address_text_local("fe80::1%eth0"));
    assert_true(http_address_text_local("localhost"));
    assert_true(http_address_text_local("LOCALHOST."));
    assert_true(http_address_text_local("a.localhost"));
    assert_false(http_address_text_local("notlocalhost"));
    assert_false(http_address_text_local("example.org"));
    assert_false(http_address_text_local("8.8.8.8"));
    assert_false(http_address_text_local(""));
}

static void
addresses_are_written_for_people(void **state)
{
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    v6.sin6_addr.s6_addr[15] = 1;
    char text[HTTP_ADDRESS_TEXT_SIZE];
    http_address_format((const struct sockaddr *)&v6, text);
    assert_string_equal(text, "::1");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_of_the_internet_are_public),
        cmocka_unit_test(special_addresses_are_not_public),
        cmocka_unit_test(a_local_socket_is_not_public),
        cmocka_unit_test(host_texts_are_refused_when_they_are_local),
        cmocka_unit_test(addresses_are_written_for_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
