#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sha256.h"

static void
a_hash_is_that_of_fips_180(void **state)
{
    struct sha256 sha256;
    char hex[SHA256_HEX_SIZE];
    sha256_init(&sha256);
    sha256_add(&sha256, span_of("a"));
    sha256_add(&sha256, SPAN_NONE);
    sha256_add(&sha256, span_of("bc"));
    sha256_hex(&sha256, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223"
                             "b00361a396177a9cb410ff61f20015ad");
}

static void
hash_two_fields(struct span a, struct span b, char hex[SHA256_HEX_SIZE])
{
    struct sha256 sha256;
    sha256_init(&sha256);
    sha256_add_field(&sha256, a);
    sha256_add_field(&sha256, b);
    sha256_hex(&sha256, hex);
}

static void
fields_do_not_run_into_each_other(void **state)
{
    char one[SHA256_HEX_SIZE], two[SHA256_HEX_SIZE];
    hash_two_fields(span_of("ab"), span_of("c"), one);
    hash_two_fields(span_of("a"), span_of("bc"), two);
    assert_string_not_equal(one, two);
    hash_two_fields(span_of("a"), span_of(""), one);
    hash_two_fields(span_of("a"), SPAN_NONE, two);
    assert_string_not_equal(one, two);
}

static void
hmac_is_that_of_rfc_4231(void **state)
{
    char hex[SHA256_HEX_SIZE];
    assert_true(sha256_hmac(span_of("Jefe"),
                            span_of("what do ya want for nothing?"), hex));
    assert_string_equal(hex, "5bdcc146bf60754e6a042426089575c7"
                             "5a003f089d2739839dec58b964ec3843");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hash_is_that_of_fips_180),
        cmocka_unit_test(fields_do_not_run_into_each_other),
        cmocka_unit_test(hmac_is_that_of_rfc_4231),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
