#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "address.h"
#include "cleanup.h"

static void
names_of_hosts_files_and_mailboxes_are_addresses(void **state)
{
    static const char *const addresses[] = {
        "https://x",    "www.tulip",    "tulip.ru",       "tulip.kg,",
        "(Tulip.COM)",  "tulip.docx",   "гүл.kg",         "a@tulip.kg",
        "tulip.kg:80",  "tulip.biz/x",  "a.tulip.org.kg", "tulip.html#top",
        "tulip.abc/de", "tulip-2.jpeg", "_tulip.md",      "tulip9.pdf"};
    for (size_t i = 0; i < COUNT_OF(addresses); i++)
        if (!is_address(span_of(addresses[i])))
            fail_msg("%s is none", addresses[i]);
}

static void
a_dot_between_syllables_makes_none(void **state)
{
    static const char *const words[] = {"tul.pan",  "ro.ma",   "тюль.пан", "x",
                                        "tul.ruby", "ru",      ".ru",      "",
                                        "r.u.k",    "tu.lp.an"};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (is_address(span_of(words[i])))
            fail_msg("%s is one", words[i]);
}

static void
a_token_is_what_stands_between_blanks(void **state)
{
    struct span text = span_of("one (two).three\tfour");
    assert_true(span_is(token_around(text, 5, 8), "(two).three"));
    assert_true(span_is(token_around(text, 0, 0), "one"));
    assert_true(span_is(token_around(text, 17, 20), "four"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_hosts_files_and_mailboxes_are_addresses),
        cmocka_unit_test(a_dot_between_syllables_makes_none),
        cmocka_unit_test(a_token_is_what_stands_between_blanks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
