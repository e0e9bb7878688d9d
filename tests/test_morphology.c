#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "diagnostics.h"
#include "language/forms.h"
#include "morphology.h"

static struct arena *arena;
static const struct morphology *morphology;

static int
load(void **state)
{
    struct diagnostics *diagnostics = diagnostics_new();
    arena = arena_new();
    morphology = morphology_load(arena, NULL, diagnostics);
    struct buffer text = {0};
    diagnostics_write(diagnostics, &text, false);
    if (!morphology)
        fputs(buffer_text(&text), stderr);
    buffer_done(&text);
    diagnostics_free(diagnostics);
    return !morphology;
}

static int
unload(void **state)
{
    arena_free(arena);
    return 0;
}

/* "алма алманы …": every form after the first is one of the first. */
static void
expect(const char *grammar, bool wanted, const char *words)
{
    char copy[4096];
    assert_true(strlen(words) < sizeof(copy));
    strcpy(copy, words);
    char *rest, *lemma = strtok_r(copy, "|", &rest);
    for (char *form; (form = strtok_r(NULL, "|", &rest));)
        if ((forms_of(morphology, grammar, lemma, form) != 0) != wanted)
            fail_msg("%s: '%s' is %sa form of '%s'", grammar, form,
                     wanted ? "not " : "", lemma);
}

static void
takes(const char *grammar, const char *words)
{
    expect(grammar, true, words);
}

static void
refuses(const char *grammar, const char *words)
{
    expect(grammar, false, words);
}

static void
vowels_follow_the_last_vowel_of_the_word(void **state)
{
    takes("ky-noun", "бала|балага|баланын|балалар|балалардан|баладагы");
    takes("ky-noun", "кеме|кемеге|кеменин|кемелер|кемелерден|кемедеги");
    takes("ky-noun", "короо|короого|короонун|короолор|короолордон");
    takes("ky-noun", "бөрү|бөрүгө|бөрүнүн|бөрүлөр|бөрүлөрдөн|бөрүдөгү");
    takes("ky-noun", "суу|сууга|суунун|суулар|суулардан|суудагы");
    takes("ky-noun", "кызыл|кызылга|кызылдын|кызылдар");
    takes("ky-noun", "китепкана|китепканага|китепканалар");
    refuses("ky-noun", "бала|балеге|балого|балдең|балалор|баланүн");
    refuses("ky-noun", "бөрү|бөрүга|бөрүлар|бөрүнын|бөрүдон");
}

static void
consonants_follow_the_last_letter_of_the_word(void **state)
{
    takes("ky-noun", "тоо|тоолор|тоого|тоону|тоонун|тоодон");
    takes("ky-noun", "ай|айлар|айга|айды|айдын|айдан");
    takes("ky-noun", "күн|күндөр|күнгө|күндү|күндүн|күндөн");
    takes("ky-noun", "көз|көздөр|көзгө|көздү|көздүн|көздөн");
    takes("ky-noun", "дос|достор|доско|досту|достун|достон");
    takes("ky-noun", "кат|каттар|катка|катты|каттын|каттан");
    refuses("ky-noun", "тоо|тоодор|тоотор|тоодун|тоокого");
    refuses("ky-noun", "күн|күнлөр|күнтөр|күннүн|күнкө");
    refuses("ky-noun", "дос|дослор|досдор|досдун|досго");
}

static void
a_last_consonant_is_voiced_before_a_vowel(void **state)
{
    takes("ky-noun", "дарак|дарагы|дарагым|дарагынан|даракка|дарактар");
    takes("ky-noun", "жүрөк|жүрөгү|жүрөгүңүз|жүрөктөр");
    takes("ky-noun", "мектеп|мектеби|мектебибиз|мектепке");
    takes("ky-verb", "чык|чыгат|чыгып|чыккан|чыгуу|чыкпайт");
    takes("ky-verb", "жап|жабат|жапкан|жабуу|жаап|жаптым");
    takes("ky-noun", "банк|банкы|банкка|банктын");
    refuses("ky-noun", "дарак|даракы|дарагка|дарагтар|дарагга");
}

/* The program reads ё as е; коён is a word of back vowels all the same. */
static void
a_folded_vowel_is_read_both_ways(void **state)
{
    takes("ky-noun", "коён|коёндор|коёндорго|коёнду|коёну");
    takes("ky-noun", "актёр|актёрлор|актёрду");
    takes("ky-noun", "роль|ролдор|ролу|рольдо");
    takes("ky-noun", "самолёт|самолётто|самолёттор");
    takes("ky-noun", "автомобиль|автомобилдер|автомобили");
    takes("ky-noun", "боёк|боёктор|боёгу|боёгун");
    takes("ky-noun", "проект|проекттер|проекти|проекттин");
    takes("ky-noun", "ЛГБТ|лгбттын|лгбттин|лгбттар|лгбттер");
}

static void
possessives_and_cases_go_together(void **state)
{
    takes("ky-noun", "ата|атам|атаң|атасы|атабыз|атаңар|атаңыз|атаңыздар|"
                     "атама|атаңа|атасына|атасын|атасынын|атасында|атасынан|"
                     "атабызга|атамдан|атасындагы|аталарыбыздын");
    takes("ky-noun", "үй|үйүм|үйү|үйүнө|үйүбүздө|үйүңөр|үйүндөгүлөр");
    takes("ky-noun", "той|тою|тоюна|тоюбуз|тойго|тойдогу");
    refuses("ky-noun", "ата|атаы|атасны|атамга|атасыга|атабызма");
}

static void
stems_change_as_the_words_say(void **state)
{
    takes("ky-noun", "бала|балдар|балдарга|балдары|балдарыбызды|балалар");
    takes("ky-noun", "мурун|мурду|мурдума|муруну|мурунга|мурундар");
    takes("ky-noun", "орун|орду|ордуна|ордунда|орундар|орунга");
    takes("ky-noun", "көңүл|көңлү|көңлүм|көңүлү|көңүлгө");
    refuses("ky-noun", "мурун|мурдга|мурдлар|мурд");
}

static void
verbs_have_all_their_forms(void **state)
{
    takes("ky-verb",
          "жаз|жазат|жазам|жазасың|жаздым|жаздык|жазган|жазганбыз|"
          "жазар|жазбас|жазыптыр|жазса|жазсаңыз|жазчу|жазмак|жазыңыз|"
          "жазгыла|жазсын|жазайын|жазалы|жазып|жазганча|жазмайынча|"
          "жазуу|жазуусу|жазыш|жазгандык|жазуучу|жазгысы|жазгым");
    takes("ky-verb", "айда|айдайт|айдады|айдаган|айдоо|айдоого|айдап|айдайын|"
                     "айдаш|айдоочу|айдаба|айдабайт|айдар");
    takes("ky-verb", "ойно|ойнойт|ойноду|ойногон|ойноо|ойноочу|ойноп|ойнобо");
    takes("ky-verb", "иште|иштейт|иштеди|иштеген|иштөө|иштөөгө|иштеп|иштээр");
    takes("ky-verb", "сүйлө|сүйлөйт|сүйлөдү|сүйлөгөн|сүйлөө|сүйлөп");
    takes("ky-verb", "оку|окуйт|окуду|окуган|окуу|окуп|окубайт|окушат");
    takes("ky-verb", "сой|соёт|сойду|сойгон|союп|союу|соёлу|союш");
    takes("ky-verb", "жаз|жазылды|жазылган|жаздырды|жаздырган|жазышты|"
                     "жазылбайт|жаздырба");
    takes("ky-verb", "айт|айтат|айтты|айткан|айтылды|айткыла|айтпайт|айтып");
    takes("ky-verb", "жаз|жазбастан|жазаарын|жазыпсың|жазгам|жазгылары|"
                     "жазмакка|жазыштырды|жазганым жок");
    refuses("ky-verb", "жаз|жазлы|жазта|жазкан|жазга|жазпайт|жазү|жазоо");
    refuses("ky-verb", "айда|айдаат|айдауу|айдабат|айдаыш");
}

static void
the_last_word_of_several_inflects(void **state)
{
    takes("ky-verb", "жок кыл|жок кылды|жок кылуу керек|жок-кылды|жок кылба");
    refuses("ky-verb", "жок кыл|жокту кыл|жок|кылды|жоккылды");
    takes("ky-noun", "кара бала|кара балдар|кара баланы");
    refuses("ky-noun", "кара бала|каранын бала|кара");
}

static unsigned
kinds(const char *lemma, const char *form)
{
    return forms_of(morphology, "ky-verb", lemma, form);
}

#define NOT(kind) ((unsigned)(kind) << KIND_NEGATIVE_SHIFT)

static void
commands_are_calls(void **state)
{
    static const char *const calls[] = {
        "кес",
        "кескин",
        "кескиле",
        "кескилечи",
        "кесиңиз",
        "кесиңиздер",
        "кесели",
        "кесейин",
        "кесүү керек",
        "кесиш керек",
        "кесиш зарыл",
        "кесүү шарт",
        "кесиш крк",
        "кесиш кк",
        "кесишкерек",
        "кесиш-керек",
        "кесишибиз керек",
        "кесүүгө тийиш",
        "кесип сал",
        "кесип салгыла",
        "кесип таштагыла",
        "кесип жибергиле",
        "кесип коюңуз",
        "кесе бергиле",
        "кесип салыш керек",
        "кеспесе болбойт",
        "кеспей болбойт",
        "кеспешке болбойт",
        "кеспей койбо",
    };
    for (size_t i = 0; i < COUNT_OF(calls); i++)
        if (!(kinds("кес", calls[i]) & KIND_CALL))
            fail_msg("'%s' is no call: %x", calls[i], kinds("кес", calls[i]));
}

static void
a_negated_command_is_a_negative_call(void **state)
{
    static const char *const calls[] = {
        "кеспе",
        "кеспегин",
        "кеспегиле",
        "кеспеңиз",
        "кеспеш керек",
        "кеспөө керек",
        "кесиш керек эмес",
        "кесүүнүн кереги жок",
        "кесип салба",
        "кесип салбагыла",
        "кесип салбаш керек",
        "кесүүгө болбойт",
        "кесип керек эмес",
        "кессе болбойт",
        "кеспей кой",
    };
    for (size_t i = 0; i < COUNT_OF(calls); i++)
        if (kinds("кес", calls[i]) != NOT(KIND_CALL))
            fail_msg("'%s' is %x", calls[i], kinds("кес", calls[i]));
}

static void
wishes_and_reports_are_told_apart(void **state)
{
    assert_int_equal(kinds("кес", "кессин"), KIND_WISH);
    assert_int_equal(kinds("кес", "кеспесин"), NOT(KIND_WISH));
    assert_int_equal(kinds("кес", "кессе экен"), KIND_WISH);
    assert_int_equal(kinds("кес", "кескей эле"), KIND_WISH);
    assert_int_equal(kinds("кес", "кескир"), KIND_WISH);
    assert_int_equal(kinds("кес", "кести"), KIND_REPORT);
    assert_int_equal(kinds("кес", "кескен"), KIND_REPORT);
    assert_int_equal(kinds("кес", "кескендер"), KIND_REPORT);
    assert_int_equal(kinds("кес", "кесиптир"), KIND_REPORT);
    assert_int_equal(kinds("кес", "кесилген"), KIND_REPORT);
    assert_int_equal(kinds("кес", "кескен эмес"), NOT(KIND_REPORT));
    assert_int_equal(kinds("кес", "кескен жок"), NOT(KIND_REPORT));
    assert_int_equal(kinds("кес", "кеспеген"), NOT(KIND_REPORT));
    assert_int_equal(kinds("кес", "кесет"), KIND_PLAIN);
    assert_int_equal(kinds("кес", "кесүү"), KIND_PLAIN);
    assert_int_equal(kinds("кес", "кеспейт"), NOT(KIND_PLAIN));
}

static void
other_words_are_no_forms(void **state)
{
    refuses("ky-noun", "кыз|кызмат|кызыл|кызык|кызматкер|кыздым");
    refuses("ky-noun", "кол|колдоо|колхоз|колдонуу|колдоду");
    refuses("ky-noun", "эл|элек|элүү|элестет|эмне");
    refuses("ky-noun", "ат|атак|атайын|аттан деле|атуул");
    refuses("ky-verb", "кыр|кыргыз|кыргызстан|кырк|кырман|кырсык");
    refuses("ky-verb", "ал|алты|алтын|алма|алыс|алдында");
}

/* Whoever has no grammar asks for these two. */
static void
exact_and_prefix_need_no_file(void **state)
{
    struct arena *own = arena_new();
    const struct morphology *plain = own ? morphology_plain(own) : NULL;
    assert_non_null(plain);
    assert_int_equal(morphology_find(plain, span_of("exact")), GRAMMAR_EXACT);
    assert_int_equal(morphology_find(plain, span_of("ky-noun")), -1);
    assert_int_equal(forms_of(plain, "exact", "алма", "алма"), KIND_PLAIN);
    assert_int_equal(forms_of(plain, "exact", "алма", "алмалар"), 0);
    assert_int_equal(forms_of(plain, "prefix", "алма", "алмазар"), KIND_PLAIN);
    assert_int_equal(forms_of(plain, "prefix", "кызыл алма", "кызыл алмалы"),
                     KIND_PLAIN);
    assert_int_equal(forms_of(plain, "prefix", "кызыл алма", "кызылда алма"),
                     0);
    arena_free(own);
}

static void
a_stem_of_ones_own_stands_for_the_last_word(void **state)
{
    struct stem_words words;
    size_t len, stem_len, form_len;
    uint32_t *letters = forms_letters(arena, span_of("бала"), &len);
    uint32_t *stem = forms_letters(arena, span_of("балдан"), &stem_len);
    uint32_t *form = forms_letters(arena, span_of("балданга"), &form_len);
    int grammar = morphology_find(morphology, span_of("ky-noun"));
    assert_true(morphology_stems(morphology, grammar, letters, len, stem,
                                 stem_len, arena, &words));
    assert_int_not_equal(
        forms_kinds(morphology_endings(morphology), &words, form, form_len), 0);
    assert_int_equal(
        forms_kinds(morphology_endings(morphology), &words, letters, len), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vowels_follow_the_last_vowel_of_the_word),
        cmocka_unit_test(consonants_follow_the_last_letter_of_the_word),
        cmocka_unit_test(a_last_consonant_is_voiced_before_a_vowel),
        cmocka_unit_test(a_folded_vowel_is_read_both_ways),
        cmocka_unit_test(possessives_and_cases_go_together),
        cmocka_unit_test(stems_change_as_the_words_say),
        cmocka_unit_test(verbs_have_all_their_forms),
        cmocka_unit_test(the_last_word_of_several_inflects),
        cmocka_unit_test(commands_are_calls),
        cmocka_unit_test(a_negated_command_is_a_negative_call),
        cmocka_unit_test(wishes_and_reports_are_told_apart),
        cmocka_unit_test(other_words_are_no_forms),
        cmocka_unit_test(exact_and_prefix_need_no_file),
        cmocka_unit_test(a_stem_of_ones_own_stands_for_the_last_word),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
