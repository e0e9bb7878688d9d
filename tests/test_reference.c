/*
 * The matcher against the slow one of reference_matcher.h: random dictionaries,
 * random texts made of their words, mutated as people and those who hide do.
 * A failure prints the seed's case whole.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "buffer.h"
#include "matcher.h"
#include "reference_matcher.h"
#include "utf8.h"

#define CHANCE_SEED 20261124
#include "chance.h"

enum {
    DICTIONARIES = 400,
    TEXTS = 60,
    INFLECTED_ONE_IN = 16,
    INFLECTED_TEXTS = 500,
    WORDS_MOST = 64,
    TERMS = 7
};

#define PICK(list) (list)[chance(COUNT_OF(list))]

/* Words that texts of this dictionary are made of. */
static char words[WORDS_MOST][200];
static size_t word_count;

/* Grammars take their time to be read: a few dictionaries have them, and many
 * texts each. */
static bool inflected;

static void
keep_word(const char *word)
{
    if (word_count < WORDS_MOST && strlen(word) < sizeof(words[0]))
        strcpy(words[word_count++], word);
}

/* Few letters, so that words meet in one another. */
static void
make_word(struct buffer *out)
{
    static const char *const cyrillic[] = {"а", "о", "р", "с", "м", "и", "й",
                                           "е", "ё", "ө", "ү", "ң", "л", "у"};
    static const char *const latin[] = {"a", "o", "p", "c", "u", "y", "n", "q"};
    static const char *const others[] = {"7", "漢", "字", "b", "ї"};
    bool is_latin = chance(5) == 0;
    for (unsigned i = 1 + chance(5); i > 0; i--)
        buffer_append_text(out, chance(40) == 0 ? PICK(others)
                                : is_latin      ? PICK(latin)
                                                : PICK(cyrillic));
}

static void
make_phrase(struct buffer *out)
{
    unsigned count = chance(4) ? 1 : 2 + chance(2);
    for (unsigned i = 0; i < count; i++) {
        if (i)
            buffer_append_text(out, chance(4) ? " " : "-");
        if (word_count && chance(4) == 0)
            buffer_append_text(out, words[chance((unsigned)word_count)]);
        else
            make_word(out);
    }
}

static void
add_list(struct buffer *out, const char *key, const char *around)
{
    buffer_printf(out, ", %s: [", key);
    for (unsigned i = 1 + chance(2); i > 0; i--) {
        struct buffer phrase = {0};
        bool before = around && chance(2);
        if (before && chance(2))
            make_word(&phrase);
        if (around)
            buffer_printf(&phrase, "%s%s%s", phrase.len ? " " : "", around,
                          chance(3) ? " " : "");
        if (!around || chance(2))
            make_phrase(&phrase);
        keep_word(buffer_text(&phrase));
        buffer_printf(out, "'%s'%s", buffer_text(&phrase), i > 1 ? ", " : "");
        buffer_done(&phrase);
    }
    buffer_append_text(out, "]");
}

static void
add_term(struct buffer *out, unsigned number)
{
    static const char *const disguises[] = {"homoglyph", "invisible"};
    struct buffer word = {0};
    make_phrase(&word);
    keep_word(buffer_text(&word));
    buffer_printf(out, "  - {id: t%u, term: '%s'", number, buffer_text(&word));
    if (number >= 3 || chance(2))
        buffer_printf(out, ", category: c%u, severity: %u", chance(2),
                      1 + chance(5));
    if (number < 3)
        buffer_printf(out, ", role: [r%u, r%u]", number, chance(3));
    static const char *const grammars[] = {"ky-noun", "ru-noun", "ru-adj",
                                           "en",      "ky-adj",  "prefix"};
    if (inflected && chance(2))
        buffer_printf(out, ", morphology: %s", PICK(grammars));
    else if (chance(3) == 0)
        buffer_append_text(out, ", morphology: prefix");
    if (chance(4) == 0)
        add_list(out, "variants", NULL);
    if (chance(4) == 0)
        add_list(out, "forms", NULL);
    if (chance(3) == 0)
        add_list(out, "except", buffer_text(&word));
    if (chance(8) == 0) {
        struct buffer stem = {0};
        make_word(&stem);
        keep_word(buffer_text(&stem));
        buffer_printf(out, ", stem: '%s'", buffer_text(&stem));
        buffer_done(&stem);
    }
    if (chance(6) == 0)
        buffer_printf(out, ", disguises: [%s]", PICK(disguises));
    if (chance(10) == 0)
        buffer_append_text(out, ", only_lang: [ky]");
    buffer_append_text(out, "}\n");
    buffer_done(&word);
}

static void
add_selector(struct buffer *out, unsigned role)
{
    if (chance(5) == 0)
        buffer_printf(out, "category: c%u, severity: [%u, %u]", chance(2),
                      1 + chance(3), 3 + chance(3));
    else if (chance(8) == 0)
        buffer_printf(out, "id: t%u", chance(TERMS));
    else
        buffer_printf(out, "role: r%u", role);
}

static void
add_rule(struct buffer *out, unsigned number)
{
    unsigned parts = 1 + chance(3);
    buffer_printf(out, "  - {id: u%u, within: %u", number, 2 + chance(5));
    if (chance(4) == 0)
        buffer_printf(out, ", raise: %u", 2 + chance(4));
    else
        buffer_printf(out, ", category: c1, severity: %u", 1 + chance(5));
    if (chance(3) == 0)
        buffer_append_text(out, ", order: as_written");
    if (chance(3) == 0)
        buffer_append_text(out, ", same_sentence: true");
    if (chance(10) == 0)
        buffer_append_text(out, ", only_lang: [ky]");
    buffer_append_text(out, ", when: [");
    for (unsigned i = 0; i < parts; i++) {
        buffer_append_text(out, i ? ", {" : "{");
        if (i == 0)
            buffer_append_text(out, "role: r0");
        else
            add_selector(out, chance(3));
        buffer_append_text(out, "}");
    }
    buffer_append_text(out, "]");
    if (chance(2)) {
        static const char *const places[] = {"", ", before: r0", ", after: r0"};
        static const char *const ends[] = {"", ", then: drop", ", then: lower"};
        buffer_append_text(out, ", unless: [{");
        add_selector(out, chance(3));
        buffer_printf(out, ", within: %u%s%s}]", 1 + chance(3), PICK(places),
                      PICK(ends));
    }
    buffer_append_text(out, "}\n");
}

static void
make_dictionary(struct buffer *out)
{
    word_count = 0;
    buffer_append_text(out,
                       "karool: rules/1\ndefaults: {disguises: [homoglyph, "
                       "invisible]}\nterms:\n");
    for (unsigned i = 0; i < TERMS; i++)
        add_term(out, i);
    buffer_append_text(out, "rules:\n");
    for (unsigned i = 0; i < 3; i++)
        add_rule(out, i);
}

/* What stands for a letter: its capital, look-alikes, neighbours. */
static const char *const instead[][6] = {
    {"а", "А", "a", "α", "ａ", "я"},
    {"о", "О", "o", "ο", "𝐨", "ө"},
    {"р", "Р", "p", "ρ", "Ｐ", "п"},
    {"с", "С", "c", "𝐜", "C", "е"},
    {"м", "М", "m", "M", "ｍ", "т"},
    {"и", "И", "u", "U", "й", "і"},
    {"й", "Й", "и", "й", "и\u200B\u0306", "и\u0301\u0306"},
    {"е", "Е", "e", "ё", "ε", "е\u0308"},
    {"ё", "Ё", "е", "e", "е\u0308", "o"},
    {"ө", "Ө", "θ", "Θ", "о", "o"},
    {"ү", "Ү", "γ", "Γ", "у", "y"},
    {"ң", "Ң", "ŋ", "Ŋ", "н", "h"},
    {"л", "Л", "λ", "Λ", "п", "n"},
    {"у", "У", "y", "Y", "ү", "ў"},
    {"a", "A", "а", "α", "ａ", "e"},
    {"o", "O", "о", "ο", "Ｏ", "0"},
    {"n", "N", "п", "Ｎ", "h", "л"},
    {"y", "Y", "у", "У", "𝐲", "ү"},
};

static void
mutate_letter(struct buffer *out, struct span letter)
{
    static const char *const hidden[] = {
        "\u200B", "\u00AD", "\u0301",     "\u2060", "\uFE0F",
        "\u0306", "\u0308", "\U000E0061", "\x01",   "\x7F"};
    static const char *const noise[] = {"", "а", "7", "漢", ".", "-", "q"};
    size_t row = 0;
    while (row < COUNT_OF(instead) && !span_is(letter, instead[row][0]))
        row++;
    unsigned what = chance(24);
    if (what < 4 && row < COUNT_OF(instead))
        buffer_append_text(out, PICK(instead[row]));
    else if (what == 5)
        buffer_append_text(out, PICK(noise));
    else
        buffer_append_span(out, letter);
    for (; chance(16) == 0;)
        buffer_append_text(out, PICK(hidden));
}

static void
add_word(struct buffer *out, const char *word)
{
    static const char *const endings[] = {
        "лар", "а",  "漢",  "\u0301", "м", "n",   "ы",  "ой",  "ом", "ам",
        "и",   "ын", "дар", "луу",    "s", "ing", "ук", "ями", "ая", "ого"};
    struct span text = span_of(word);
    bool as_it_is = chance(3) == 0, capitals = chance(12) == 0;
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        bool valid;
        utf8_next(text, &at, &valid);
        struct span letter = {text.at + start, at - start};
        size_t row = 0;
        while (row < COUNT_OF(instead) && !span_is(letter, instead[row][0]))
            row++;
        if (capitals && row < COUNT_OF(instead))
            buffer_append_text(out, instead[row][1]);
        else if (as_it_is)
            buffer_append_span(out, letter);
        else
            mutate_letter(out, letter);
    }
    if (chance(6) == 0)
        buffer_append_text(out, PICK(endings));
}

static void
make_text(struct buffer *out)
{
    static const char *const between[] = {
        " ",  " ",      " ",      " ",      " ",  ", ",      ". ",
        "-",  "\n",     "  ",     "\u00A0", "--", "\u200B ", " \u0301",
        "! ", ".",      "…\t",    "@",      "/",  "://",     "漢",
        "«",  "\uFFFD", "\u2011", " - ",    "😀",  ";\u3000"};
    if (chance(8) == 0)
        buffer_append_text(out, PICK(between));
    for (unsigned i = chance(14); i > 0; i--) {
        if (chance(6)) {
            add_word(out, words[chance((unsigned)word_count)]);
        } else {
            struct buffer word = {0};
            make_word(&word);
            add_word(out, buffer_text(&word));
            buffer_done(&word);
        }
        buffer_append_text(out, PICK(between));
    }
}

/* NULL: a rule's parts have more words than it allows. */
static struct matcher *
compile(const struct buffer *dictionary)
{
    const struct rules_text texts[] = {
        {"categories.yaml",
         span_of("karool: categories/1\ncategories:\n  - {id: c0}\n  - {id: "
                 "c1}\n")},
        {"a.yaml", buffer_span(dictionary)}};
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    CLEANUP(rules_unrefp)
    struct rules *rules = rules_load_texts(texts, 2, diagnostics);
    struct error err = {0};
    struct matcher *matcher =
        rules ? matcher_new(rules, diagnostics, &err) : NULL;
    if (!matcher) {
        CLEANUP(buffer_done) struct buffer report = {0};
        diagnostics_write(diagnostics, &report, false);
        if (strstr(buffer_text(&report), "the rule would never hold"))
            return NULL;
        fprintf(stderr, "%s%s%s\n", buffer_text(dictionary),
                buffer_text(&report), err.message);
        fail(); /* cmocka cuts long messages */
    }
    return matcher;
}

static size_t matches, disguised, softened;

static void
compare(const struct matcher *matcher, struct scanner *scanner,
        const struct matcher_input *input, const struct buffer *dictionary)
{
    CLEANUP(buffer_done) struct buffer found = {0};
    CLEANUP(buffer_done) struct buffer expected = {0};
    struct match_list list;
    struct error err = {0};
    if (!matcher_scan(matcher, scanner, input, &list, &err))
        fail_msg("%s", err.message);
    reference_write(&list, &found);
    reference_scan(matcher_rules(matcher), input, &expected);
    if (!span_equal(buffer_span(&found), buffer_span(&expected)) ||
        !reference_slices_hold(&list, input)) {
        fprintf(stderr,
                "%s\ntext: %.*s\ntitle: %.*s\nlang: %.*s\nfound:\n%s"
                "expected:\n%s",
                buffer_text(dictionary), SPAN_ARGS(input->fields[FIELD_TEXT]),
                SPAN_ARGS(input->fields[FIELD_TITLE]), SPAN_ARGS(input->lang),
                buffer_text(&found), buffer_text(&expected));
        fail();
    }
    for (size_t i = 0; i < list.count; i++) {
        matches++;
        disguised += list.items[i].form == MATCH_DISGUISED;
        softened += list.items[i].softened_by != NULL;
    }
}

static void
the_matcher_finds_what_the_reference_finds(void **unused)
{
    static const char *const langs[] = {"", "ky", "ru", "ky-KG", "kyx"};
    CLEANUP(scanner_freep) struct scanner *scanner = scanner_new(NULL);
    CLEANUP(buffer_done) struct buffer dictionary = {0};
    CLEANUP(buffer_done) struct buffer text = {0};
    CLEANUP(buffer_done) struct buffer title = {0};
    assert_non_null(scanner);
    for (int i = 0; i < DICTIONARIES; i++) {
        buffer_clear(&dictionary);
        inflected = i % INFLECTED_ONE_IN == 0;
        make_dictionary(&dictionary);
        CLEANUP(matcher_unrefp) struct matcher *matcher = compile(&dictionary);
        if (!matcher)
            continue;
        for (int j = 0; j < (inflected ? INFLECTED_TEXTS : TEXTS); j++) {
            buffer_clear(&text);
            buffer_clear(&title);
            make_text(&text);
            if (chance(4) == 0)
                make_text(&title);
            struct matcher_input input = {
                .fields = {buffer_span(&text), buffer_span(&title)},
                .lang = span_of(PICK(langs))};
            compare(matcher, scanner, &input, &dictionary);
        }
    }
    /* The texts are worth comparing. */
    assert_true(matches > 10000);
    assert_true(disguised > 1000);
    assert_true(softened > 100);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_matcher_finds_what_the_reference_finds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
