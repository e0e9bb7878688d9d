#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#include "buffer.h"
#include "matcher.h"

static const char dictionary[] =
    "karool: rules/1\n"
    "terms:\n"
    "  - {id: tulip, term: тюльпан, category: c, severity: 1,"
    " morphology: ru-noun}\n"
    "  - {id: daisy, term: ромашка, category: c, severity: 1,"
    " morphology: ru-noun}\n"
    "  - {id: petal, term: гүлкайыр, category: c, severity: 1,"
    " morphology: ky-noun}\n"
    "  - {id: two, term: кызыл өсүмдүк, category: c, severity: 1,"
    " morphology: ky-noun}\n"
    "  - {id: camel, term: camomile, category: c, severity: 1}\n"
    "  - {id: corps, term: корпус, lang: ru, category: c, severity: 1}\n"
    "  - {id: jasmine, term: жасмин, lang: ru, category: c, severity: 1}\n"
    "  - {id: ruby, term: рубин, lang: ru, category: c, severity: 1,"
    " morphology: ru-noun}\n"
    "  - {id: stem, term: ромендр, lang: ru, category: c, severity: 1,"
    " morphology: prefix}\n"
    "  - {id: sprout, term: бырмалык, lang: ky, category: c, severity: 1,"
    " morphology: ky-noun}\n"
    "  - {id: bud, term: быржыңка, lang: ky, category: c, severity: 1,"
    " morphology: ky-verb}\n"
    "  - {id: plain, term: сирень, category: c, severity: 1,"
    " disguises: [homoglyph]}\n";

static struct matcher *matcher;
static struct scanner *scanner;

static int
setup(void **state)
{
    const struct rules_text texts[] = {
        {"categories.yaml",
         span_of("karool: categories/1\ncategories:\n  - {id: c}\n")},
        {"a.yaml", span_of(dictionary)}};
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    CLEANUP(rules_unrefp)
    struct rules *rules = rules_load_texts(texts, 2, diagnostics);
    struct error err = {0};
    matcher = rules ? matcher_new(rules, diagnostics, &err) : NULL;
    scanner = scanner_new(&err);
    CLEANUP(buffer_done) struct buffer report = {0};
    diagnostics_write(diagnostics, &report, false);
    if (!matcher || !scanner)
        fprintf(stderr, "%s%s\n", buffer_text(&report), err.message);
    return matcher && scanner ? 0 : -1;
}

static int
teardown(void **state)
{
    matcher_unref(matcher);
    scanner_free(scanner);
    return 0;
}

/* "id[slice]=through+through" of each match. */
static void
finds(const char *text, const char *expected)
{
    struct matcher_input input = {.fields = {span_of(text)}};
    struct match_list list;
    struct error err = {0};
    if (!matcher_scan(matcher, scanner, &input, &list, &err))
        fail_msg("%s", err.message);
    CLEANUP(buffer_done) struct buffer out = {0};
    for (size_t i = 0; i < list.count; i++) {
        const struct match *match = &list.items[i];
        const size_t *bytes = match->extent.bytes;
        buffer_printf(&out, "%s%s[%.*s]", i ? " " : "", match->term->id,
                      (int)(bytes[1] - bytes[0]), text + bytes[0]);
        const char *sign = "=";
        for (unsigned bit = 0; bit < DISGUISE_COUNT; bit++)
            if (match->through >> bit & 1) {
                buffer_printf(&out, "%s%s", sign, disguise_name(bit));
                sign = "+";
            }
    }
    if (strcmp(buffer_text(&out), expected) != 0)
        fail_msg("%s\n  found: %s\nexpected: %s", text, buffer_text(&out),
                 expected);
}

static void
every_form_of_a_term_is_found(void **state)
{
    finds("тюльпан тюльпаном тюльпанам",
          "tulip[тюльпан] tulip[тюльпаном] tulip[тюльпанам]");
    finds("тюльпанный тюльпанище", "");
    finds("гүлкайырларыбызга", "petal[гүлкайырларыбызга]");
    finds("кызыл өсүмдүктөр кызыл-өсүмдүгү",
          "two[кызыл өсүмдүктөр] two[кызыл-өсүмдүгү]");
}

static void
look_alikes_in_an_inflected_form_are_undone(void **state)
{
    finds("pомaшкoй", "daisy[pомaшкoй]=homoglyph");
    finds("гүлkайыpлaр", "petal[гүлkайыpлaр]=homoglyph");
    finds("cиpeнь", "plain[cиpeнь]=homoglyph");
}

static void
letters_that_a_keyboard_lacks_are_undone_one_way(void **state)
{
    finds("гулкайырга", "petal[гулкайырга]=keyboard");
    finds("кызыл осумдук", "two[кызыл осумдук]=keyboard");
    finds("рөмашка", "");
}

static void
latin_spellings_are_undone(void **state)
{
    finds("tyulpanom tiulpan tjulpany tyul'pan",
          "tulip[tyulpanom]=translit tulip[tiulpan]=translit "
          "tulip[tjulpany]=translit tulip[tyul'pan]=translit");
    finds("romashkami", "daisy[romashkami]=translit");
    finds("gülkayırga gulkajyrga", "petal[gülkayırga]=translit "
                                   "petal[gulkajyrga]=translit");
    finds("kyzyl ösümdüktör", "two[kyzyl ösümdüktör]=translit");
}

static void
digits_and_signs_for_letters_are_undone(void **state)
{
    finds("р0машка ром@шкой", "daisy[р0машка]=leet daisy[ром@шкой]=leet");
    finds("7юльпан", "tulip[7юльпан]=leet");
    finds("camom1le", "camel[camom1le]=leet");
}

static void
stretched_letters_are_undone(void **state)
{
    finds("тюльпаааан", "tulip[тюльпаааан]=repeat");
    finds("рррромашшшка!!!", "daisy[рррромашшшка]=repeat");
    finds("ромашкаааа", "daisy[ромашкаааа]=repeat");
}

static void
letters_set_apart_are_undone(void **state)
{
    finds("это т ю л ь п а н ы тут", "tulip[т ю л ь п а н ы]=spacing");
    finds("р.о.м.а.ш.к.а", "daisy[р.о.м.а.ш.к.а]=spacing");
    finds("р-о-м-а-ш-к-а", "daisy[р-о-м-а-ш-к-а]=spacing");
    finds("р_о_м_а_ш_к_а", "daisy[р_о_м_а_ш_к_а]=spacing");
    finds("ром..ашка", "daisy[ром..ашка]=spacing");
    finds("ром ашкой", "daisy[ром ашкой]=spacing");
    finds("гүлка йырга", "petal[гүлка йырга]=spacing");
}

static void
masked_letters_are_undone(void **state)
{
    finds("р*машка ром##кой", "daisy[р*машка]=mask daisy[ром##кой]=mask");
    finds("т%льпан тюльп?н", "tulip[т%льпан]=mask tulip[тюльп?н]=mask");
    finds("р(о)машка ро«ма»шка", "daisy[р(о)машка]=mask "
                                 "daisy[ро«ма»шка]=mask");
    finds("«р»омашка", "daisy[р»омашка]=mask");
    finds("ромашк*", "daisy[ромашк*]=mask");
    finds("ром🌼шка", "daisy[ром🌼шка]=mask");
}

static void
invisible_characters_are_undone_in_any_form(void **state)
{
    finds("ро\u200Bма\u00ADшкой", "daisy[ро\u200Bма\u00ADшкой]=invisible");
}

static void
disguises_are_undone_together(void **state)
{
    finds("pом*шкой", "daisy[pом*шкой]=homoglyph+mask");
    finds("р0м*шка", "daisy[р0м*шка]=leet+mask");
    finds("r0mashka", "daisy[r0mashka]=translit+leet");
    finds("p o м a ш к a", "daisy[p o м a ш к a]=homoglyph+spacing");
    finds("гулкай*рга", "petal[гулкай*рга]=keyboard+mask");
}

static void
what_is_invisible_is_told_wherever_it_stands(void **state)
{
    finds("ty\u200Bul'pan", "tulip[ty\u200Bul'pan]=translit+invisible");
    finds("рооо\u200Bомашка", "daisy[рооо\u200Bомашка]=repeat+invisible");
    finds("ром*\u200Bшка", "daisy[ром*\u200Bшка]=mask+invisible");
    finds("ру6!\u200Bн", "ruby[ру6!\u200Bн]=leet+invisible");
    finds("р.о\u200B.м.\u200Bа.ш.к.а",
          "daisy[р.о\u200B.м.\u200Bа.ш.к.а]=spacing+invisible");
}

static void
letters_of_latin_spellings_may_be_set_apart_by_any_sign(void **state)
{
    finds("t·y·u·l·p·a·n", "tulip[t·y·u·l·p·a·n]=translit+spacing");
    finds("d ž a s m i n, да", "jasmine[d ž a s m i n]=translit+spacing");
    finds("b_î_r_z_h_y_n_h_c_k_ó_o_n_h_t_c_h_o_o",
          "bud[b_î_r_z_h_y_n_h_c_k_ó_o_n_h_t_c_h_o_o]=translit+spacing");
}

static void
a_repeated_letter_ends_where_it_is_written_otherwise(void **state)
{
    finds("коррррpус", "corps[коррррpус]=translit+repeat");
    finds("džžžasmin", "jasmine[džžžasmin]=translit+repeat");
    finds("р-о-м-е-н-д-р-р-р", "stem[р-о-м-е-н-д-р-р-р]=repeat+spacing");
}

static void
a_sign_between_letters_that_are_apart_is_a_letter(void **state)
{
    finds("р.у.б.!.н.о.м", "ruby[р.у.б.!.н.о.м]=leet+spacing");
    finds("р-у-#-и-н-о-м", "ruby[р-у-#-и-н-о-м]=spacing+mask");
    finds("р-¥-#-и-н-о-м", "ruby[р-¥-#-и-н-о-м]=leet+spacing+mask");
}

static void
a_likelier_reading_of_other_disguises_hides_none(void **state)
{
    /* The star for a letter and the hyphen for none, or both for several. */
    finds("ро*ен-др", "stem[ро*ен-др]=spacing+mask");
    /* ң is n or ng, and then the star divides or hides. */
    finds("qyzyl ö*ümdük", "two[qyzyl ö*ümdük]=translit+mask");
}

static void
a_word_is_not_joined_to_a_known_one(void **state)
{
    finds("быржыңка шаардын", "bud[быржыңка]");
    finds("бырмалык дагы", "sprout[бырмалык]");
    finds("бырмалык тагы", "sprout[бырмалык тагы]=spacing");
}

static void
words_in_a_hashtag_are_found_where_a_capital_begins_them(void **state)
{
    finds("#ЭтоТюльпанТут", "tulip[Тюльпан]");
    finds("#КызылӨсүмдүк", "two[КызылӨсүмдүк]");
    finds("ЭтоТюльпанТут", "");
    finds("#этотюльпантут", "");
}

static void
a_disguise_that_a_term_does_not_list_is_not_undone(void **state)
{
    finds("сирень с и р е н ь с*рень siren сииирень", "plain[сирень]");
}

/* However it is made, a text costs time by its length alone. */
static void
no_text_is_slow(void **state)
{
    static const char *const pieces[] = {
        "*",    "0",   "@",        "а",   "а ",  ".",   "т*",
        "р#@",  "|",   "y",        "io",  "т-",  "()",  "#А",
        "ромa", "тю ", "1|!",      "#Аа", "ааа", "r0m", "т\u0301",
        "гу",   "ss",  "ром*ш*к*", "k.",  "😀",   "тT",  "T т! "};
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        CLEANUP(buffer_done) struct buffer text = {0};
        while (text.len < 200 * 1000)
            buffer_append_text(&text, pieces[i]);
        struct matcher_input input = {.fields = {buffer_span(&text)}};
        struct match_list list;
        clock_t start = clock();
        assert_true(matcher_scan(matcher, scanner, &input, &list, NULL));
        if (clock() - start > 15 * CLOCKS_PER_SEC)
            fail_msg("'%s' repeated takes %.1f s", pieces[i],
                     (double)(clock() - start) / CLOCKS_PER_SEC);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_of_a_term_is_found),
        cmocka_unit_test(look_alikes_in_an_inflected_form_are_undone),
        cmocka_unit_test(letters_that_a_keyboard_lacks_are_undone_one_way),
        cmocka_unit_test(latin_spellings_are_undone),
        cmocka_unit_test(digits_and_signs_for_letters_are_undone),
        cmocka_unit_test(stretched_letters_are_undone),
        cmocka_unit_test(letters_set_apart_are_undone),
        cmocka_unit_test(masked_letters_are_undone),
        cmocka_unit_test(invisible_characters_are_undone_in_any_form),
        cmocka_unit_test(disguises_are_undone_together),
        cmocka_unit_test(what_is_invisible_is_told_wherever_it_stands),
        cmocka_unit_test(
            letters_of_latin_spellings_may_be_set_apart_by_any_sign),
        cmocka_unit_test(a_repeated_letter_ends_where_it_is_written_otherwise),
        cmocka_unit_test(a_sign_between_letters_that_are_apart_is_a_letter),
        cmocka_unit_test(a_likelier_reading_of_other_disguises_hides_none),
        cmocka_unit_test(a_word_is_not_joined_to_a_known_one),
        cmocka_unit_test(
            words_in_a_hashtag_are_found_where_a_capital_begins_them),
        cmocka_unit_test(a_disguise_that_a_term_does_not_list_is_not_undone),
        cmocka_unit_test(no_text_is_slow),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
