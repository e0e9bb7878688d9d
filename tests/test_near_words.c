#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "morphology.h"

static struct arena *arena;
static struct diagnostics *diagnostics;
static struct morphology *morphology;

static int
setup(void **state)
{
    arena = arena_new();
    diagnostics = diagnostics_new();
    morphology =
        arena && diagnostics ? morphology_load(arena, NULL, diagnostics) : NULL;
    return morphology ? 0 : -1;
}

static int
teardown(void **state)
{
    arena_free(arena);
    diagnostics_free(diagnostics);
    return 0;
}

enum {
    INFINITIVE = KIND_PLAIN | KIND_BARE,
    NOT_CALL = KIND_CALL << KIND_NEGATIVE_SHIFT,
    NOT_PLAIN = KIND_PLAIN << KIND_NEGATIVE_SHIFT,
    NOT_REPORT = KIND_REPORT << KIND_NEGATIVE_SHIFT,
    NOT_WISH = KIND_WISH << KIND_NEGATIVE_SHIFT,
};

struct example {
    const char *text; /* | … | the form */
    unsigned kinds, expected;
};

static void
check(const char *grammar, const struct example *examples, size_t count)
{
    int number = morphology_find(morphology, span_of(grammar));
    assert_true(number >= 0);
    for (size_t i = 0; i < count; i++) {
        const char *begin = strchr(examples[i].text, '|');
        const char *end = strrchr(examples[i].text, '|');
        unsigned kinds = morphology_kinds_near(
            morphology, number, examples[i].kinds,
            (struct span){examples[i].text, (size_t)(begin - examples[i].text)},
            span_of(end + 1));
        if ((kinds & ~(unsigned)KIND_BARE) !=
            (examples[i].expected & ~(unsigned)KIND_BARE))
            fail_msg("%s: %x, expected %x", examples[i].text, kinds,
                     examples[i].expected);
    }
}

static void
an_infinitive_beside_certain_words_is_a_call(void **state)
{
    static const struct example examples[] = {
        {"он хотел |поливать| сад", INFINITIVE, INFINITIVE},
        {"|поливать| сад", INFINITIVE, INFINITIVE},
        {"надо |поливать| сад", INFINITIVE, KIND_CALL},
        {"НАДО |поливать| сад", INFINITIVE, KIND_CALL},
        {"надо всех их |поливать|", INFINITIVE, KIND_CALL},
        {"надо всех их скорее |поливать|", INFINITIVE, INFINITIVE},
        {"пора, друзья, |поливать|", INFINITIVE, KIND_CALL},
        {"|поливать| их надо", INFINITIVE, KIND_CALL},
        {"|поливать|, надо думать", INFINITIVE, INFINITIVE},
        {"так надо. |поливать| рано", INFINITIVE, INFINITIVE},
        {"|поливать|! надо", INFINITIVE, INFINITIVE},
        {"мы должны |полить| сад", INFINITIVE, KIND_CALL},
        {"давайте |польем| сад", INFINITIVE, KIND_CALL},
        {"мы |польем| сад", INFINITIVE, INFINITIVE},
        {"роза |поливать керек|", INFINITIVE, INFINITIVE},
        {"розаны |поливать| керек", INFINITIVE, KIND_CALL},
        {"надо, он |поливал| сад", KIND_REPORT, KIND_REPORT},
    };
    check("ru-verb", examples, COUNT_OF(examples));
}

static void
what_denies_makes_a_form_negative(void **state)
{
    static const struct example examples[] = {
        {"не |поливай| сад", KIND_CALL, NOT_CALL},
        {"он не |поливал| сад", KIND_REPORT, NOT_REPORT},
        {"это не сад, |поливай|", KIND_CALL, KIND_CALL},
        {"не они |поливали|", KIND_REPORT, KIND_REPORT},
        {"не надо |поливать|", INFINITIVE, NOT_CALL},
        {"не надо их тут |поливать|", INFINITIVE, NOT_CALL},
        {"|поливать| не нужно", INFINITIVE, NOT_CALL},
        {"|поливать| их не надо", INFINITIVE, NOT_CALL},
        {"мы не должны |поливать|", INFINITIVE, NOT_CALL},
        {"нельзя |поливать|", INFINITIVE, NOT_PLAIN},
        {"|поливать| нельзя", INFINITIVE, NOT_PLAIN},
        {"хватит |поливать|", INFINITIVE, NOT_PLAIN},
        {"хватит жалеть, |поливать| надо", INFINITIVE, KIND_CALL},
        {"хватит ждать надо |поливать|", INFINITIVE, KIND_CALL},
        {"прекратите |поливать| сад", INFINITIVE, NOT_PLAIN},
        {"я против того чтобы |поливать|", INFINITIVE, NOT_PLAIN},
        {"давайте не |поливать|", INFINITIVE, NOT_CALL},
        {"не могу |поливать|", INFINITIVE, NOT_PLAIN},
        {"я нет, не. |поливай|", KIND_CALL, KIND_CALL},
    };
    check("ru-verb", examples, COUNT_OF(examples));
}

static void
two_denials_are_none(void **state)
{
    static const struct example examples[] = {
        {"нельзя не |полить|", INFINITIVE, KIND_CALL},
        {"не могу не |полить|", INFINITIVE, INFINITIVE},
        {"не надо не |поливать|", INFINITIVE, KIND_CALL},
    };
    check("ru-verb", examples, COUNT_OF(examples));
}

static void
a_wish_is_made_of_what_is_told(void **state)
{
    static const struct example examples[] = {
        {"пусть сад |польют| соседи", KIND_PLAIN, KIND_WISH},
        {"чтоб вы |завяли|", KIND_REPORT, KIND_WISH},
        {"чтобы |полить| сад", INFINITIVE, INFINITIVE},
        {"|завял| бы он", KIND_REPORT, KIND_WISH},
        {"я бы |полил|", KIND_REPORT, KIND_WISH},
        {"да |завянут| они", KIND_PLAIN, KIND_WISH},
        {"да, |завянут| они", KIND_PLAIN, KIND_PLAIN},
        {"пусть не |поливают|", KIND_PLAIN, NOT_WISH},
    };
    check("ru-verb", examples, COUNT_OF(examples));
}

static void
nouns_are_what_they_are(void **state)
{
    static const struct example examples[] = {
        {"не |роза|", KIND_PLAIN, KIND_PLAIN},
        {"надо |розу| нужно", KIND_PLAIN, KIND_PLAIN},
    };
    check("ru-noun", examples, COUNT_OF(examples));
    check("exact", examples, COUNT_OF(examples));
}

static void
any_text_may_stand_around_a_form(void **state)
{
    static const char bytes[] = "\xD0\xFF не\xD0 \x80 не";
    int number = morphology_find(morphology, span_of("ru-verb"));
    for (size_t i = 0; i < sizeof(bytes); i++)
        for (size_t j = 0; j < sizeof(bytes); j++) {
            struct span before = {bytes, i}, after = {bytes, j};
            assert_int_equal(
                morphology_kinds_near(morphology, number, 0, before, after), 0);
        }
}

int
main(void)
{
#define TEST(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        TEST(an_infinitive_beside_certain_words_is_a_call),
        TEST(what_denies_makes_a_form_negative),
        TEST(two_denials_are_none),
        TEST(a_wish_is_made_of_what_is_told),
        TEST(nouns_are_what_they_are),
        TEST(any_text_may_stand_around_a_form),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
