/*
 * The places at which the matcher looks against every place there is: whatever
 * a walk from anywhere finds, the scan has found. Texts are made of the
 * dictionary's words, disguised at random.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "alphabet.h"
#include "buffer.h"
#include "matcher_model.h"
#include "utf8.h"

#define CHANCE_SEED 20261125
#include "chance.h"

enum { TEXTS = 6000 };

static const char dictionary[] =
    "karool: rules/1\n"
    "terms:\n"
    "  - {id: a, term: тюльпан, category: c, severity: 1,"
    " morphology: ru-noun}\n"
    "  - {id: b, term: көпөлөк, category: c, severity: 1,"
    " morphology: ky-noun}\n"
    "  - {id: h, term: кызыл өрүк, category: c, severity: 1,"
    " morphology: ky-noun}\n"
    "  - {id: d, term: масса, category: c, severity: 1, morphology: prefix}\n"
    "  - {id: e, term: орех, category: c, severity: 1}\n"
    "  - {id: f, term: camomile, category: c, severity: 1}\n"
    "  - {id: g, term: '1488', category: c, severity: 1}\n";

static const char *const words[] = {
    "тюльпан",  "тюльпанами", "көпөлөктөр", "көпөлөгүмдөн", "кызыл өрүктү",
    "массасын", "орех",       "camomile",   "1488",         "бала",
    "the",      "и",          "tyulpan",    "kopolok",      "oreh",
};

static const struct {
    const char *letter;
    const char *instead[8];
} disguised[] = {
    {"а", {"a", "@", "*", "аа", "ааа", "4", "А", "α"}},
    {"о", {"o", "0", "*", "ооо", "О", "(о)", "о.", "о "}},
    {"ө", {"о", "o", "θ", "0", "өөө", "*", "ө-", "Ө"}},
    {"ү", {"у", "y", "u", "γ", "үүү", "%", "ү_", "Ү"}},
    {"т", {"t", "7", "m", "ттт", "т ", "*", "«т»", "Т"}},
    {"к", {"k", "|<", "ккк", "к.", "*", "К", "к\u200B", "K"}},
    {"л", {"1", "|", "ллл", "л-", "*", "Л", "л ", "l"}},
    {"п", {"n", "p", "ппп", "*", "п*", "п..", "П", "п "}},
    {"с", {"c", "$", "ссс", "с", "*", "С", "s", "\u00ADс"}},
    {"e", {"е", "3", "eee", "e", "*", "E", "é", "e "}},
};

#define PICK(list) (list)[chance(COUNT_OF(list))]

static void
add_word(struct buffer *out)
{
    struct span word = span_of(PICK(words));
    unsigned often = 1 + chance(12);
    bool spelt = chance(8) == 0;
    const char *apart = (const char *const[]){" ", ".", "-", "_"}[chance(4)];
    for (size_t at = 0; at < word.len;) {
        size_t start = at;
        bool valid;
        utf8_next(word, &at, &valid);
        struct span letter = {word.at + start, at - start};
        size_t row = 0;
        while (row < COUNT_OF(disguised) &&
               !span_is(letter, disguised[row].letter))
            row++;
        if (row < COUNT_OF(disguised) && chance(often) == 0)
            buffer_append_text(out, PICK(disguised[row].instead));
        else
            buffer_append_span(out, letter);
        if (spelt && at < word.len)
            buffer_append_text(out, apart);
    }
}

static void
make_text(struct buffer *out)
{
    static const char *const between[] = {" ",  " ",  " ",  " ", ", ", ". ",
                                          "-",  "\n", " #", ".", " (", ") ",
                                          " «", "» ", "  ", "/", "…",  "! "};
    for (unsigned i = 1 + chance(5); i > 0; i--) {
        add_word(out);
        buffer_append_text(out, PICK(between));
    }
}

static struct matcher *
compile(void)
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
    struct matcher *matcher =
        rules ? matcher_new(rules, diagnostics, &err) : NULL;
    CLEANUP(buffer_done) struct buffer report = {0};
    diagnostics_write(diagnostics, &report, false);
    if (!matcher)
        fail_msg("%s%s", buffer_text(&report), err.message);
    return matcher;
}

static bool
is_letter_at(struct span text, size_t at)
{
    bool valid;
    return alphabet_class(utf8_next(text, &at, &valid)) >= LETTER_OTHER;
}

/* May a word begin there? Not inside another one. */
static bool
may_begin(struct span text, size_t at)
{
    size_t before = at;
    do {
        if (before == 0)
            return true;
        before--;
        while (((unsigned char)text.at[before] & 0xC0) == 0x80)
            before--;
        size_t next = before;
        bool valid;
        if (alphabet_class(utf8_next(text, &next, &valid)) != LETTER_SKIPPED)
            return !is_letter_at(text, before) || hashtag_word_begins(text, at);
    } while (before > 0);
    return true;
}

static bool
is_covered(const struct match_list *list, const struct term *term, size_t from,
           size_t to)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].term == term &&
            list->items[i].extent.bytes[0] < to &&
            list->items[i].extent.bytes[1] > from)
            return true;
    return false;
}

static size_t checked;

static void
check(const struct matcher *matcher, struct walk *walk, struct span text,
      const struct match_list *list)
{
    walk->spellings = &matcher->terms;
    walk->endings = morphology_endings(matcher->rules->morphology);
    walk->disguises = ~0u;
    walk_reset(walk, text, 1000 * 1000);
    for (size_t at = 0, next; at < text.len; at = next) {
        bool valid;
        next = at;
        utf8_next(text, &next, &valid);
        if (!is_letter_at(text, at) || !may_begin(text, at))
            continue;
        walk_from(walk, at);
        for (size_t i = 0; i < walk->found_count; i++) {
            const struct found *found = &walk->found[i];
            const struct term *term =
                matcher->terms.items[found->spelling].term;
            /* Letters that are set apart and masked make no pair to see. */
            enum { BOTH = DISGUISE_SPACING | DISGUISE_MASK };
            if (found->outcome != FOUND_WHOLE ||
                (found->undone.disguises & BOTH) == BOTH ||
                !plausible(text, at, found, true))
                continue;
            checked++;
            if (!is_covered(list, term, at, found->to))
                fail_msg("%.*s\nnot found: %s in '%.*s'", SPAN_ARGS(text),
                         term->id, (int)(found->to - at), text.at + at);
        }
    }
}

static void
nothing_is_found_elsewhere(void **unused)
{
    CLEANUP(matcher_unrefp) struct matcher *matcher = compile();
    CLEANUP(scanner_freep) struct scanner *scanner = scanner_new(NULL);
    CLEANUP(walk_done) struct walk walk = {0};
    CLEANUP(buffer_done) struct buffer text = {0};
    assert_non_null(scanner);
    for (int i = 0; i < TEXTS; i++) {
        struct match_list list;
        buffer_clear(&text);
        make_text(&text);
        struct matcher_input input = {.fields = {buffer_span(&text)}};
        assert_true(matcher_scan(matcher, scanner, &input, &list, NULL));
        check(matcher, &walk, buffer_span(&text), &list);
    }
    /* The texts are worth looking at. */
    assert_true(checked > TEXTS / 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_found_elsewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
