#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "morphology.h"
#include "utf8.h"

static char folder[] = "/tmp/karool-paradigm-XXXXXX";
static char file[sizeof(folder) + 32];
static struct arena *arena;
static struct diagnostics *diagnostics;
static struct buffer report;

static int
make_folder(void **state)
{
    char inner[sizeof(folder) + 16];
    if (!mkdtemp(folder))
        return -1;
    snprintf(inner, sizeof(inner), "%s/morphology", folder);
    snprintf(file, sizeof(file), "%s/morphology/x.yaml", folder);
    return mkdir(inner, 0700);
}

static int
remove_folder(void **state)
{
    char inner[sizeof(folder) + 16];
    snprintf(inner, sizeof(inner), "%s/morphology", folder);
    (void)unlink(file);
    (void)rmdir(inner);
    return rmdir(folder);
}

static int
setup(void **state)
{
    arena = arena_new();
    diagnostics = diagnostics_new();
    return arena && diagnostics ? 0 : -1;
}

static int
teardown(void **state)
{
    arena_free(arena);
    diagnostics_free(diagnostics);
    buffer_done(&report);
    return 0;
}

/* A grammar "x" of what follows its head. */
static struct morphology *
load(const char *body)
{
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    fprintf(out, "karool: grammar/1\nid: x\nkind: paradigm\n%s", body);
    assert_int_equal(fclose(out), 0);
    return morphology_load(arena, folder, diagnostics);
}

static size_t
letters_of(const char *text, uint32_t *out)
{
    size_t count = 0;
    struct span span = span_of(text);
    for (size_t offset = 0; offset < span.len;) {
        bool valid;
        out[count++] = utf8_fold(utf8_next(span, &offset, &valid));
    }
    return count;
}

/* The kinds of what a stem and its endings make of a word; 0: nothing. */
static unsigned
walk(const struct morphology *morphology, const struct stem *stem,
     const uint32_t *letters, size_t len)
{
    const struct endings *endings = morphology_endings(morphology);
    uint32_t at = stem->state;
    if (len < stem->len ||
        memcmp(letters, stem->letters, stem->len * sizeof(*letters)) != 0)
        return 0;
    for (size_t i = stem->len; i < len; i++) {
        const struct ending_state *state = &endings->states[at];
        size_t edge = 0;
        while (edge < state->count &&
               endings->edges[state->first + edge].letter != letters[i])
            edge++;
        if (edge == state->count)
            return 0;
        at = endings->edges[state->first + edge].to;
    }
    return endings->states[at].kinds;
}

static unsigned
word_kinds(const struct morphology *morphology, const struct stem_word *word,
           const char *form)
{
    uint32_t letters[128];
    size_t len = letters_of(form, letters);
    unsigned kinds = 0;
    for (size_t i = 0; i < word->count; i++)
        kinds |= walk(morphology, &word->stems[i], letters, len);
    return kinds;
}

/* The kinds of a form of a dictionary form of one word. */
static unsigned
kinds_of(const struct morphology *morphology, const char *grammar,
         const char *lemma, const char *form)
{
    uint32_t letters[128];
    size_t len = letters_of(lemma, letters);
    struct stem_words words;
    int number = morphology_find(morphology, span_of(grammar));
    assert_true(number >= 0);
    assert_true(morphology_stems(morphology, number, letters, len, NULL, 0,
                                 arena, &words));
    assert_int_equal(words.count, 1);
    return word_kinds(morphology, &words.words[0], form);
}

static const char plain_rows[] = "endings:\n"
                                 "  all: 0 а у ом\n"
                                 "  verb:\n"
                                 "    plain: у(сь) ет(ся)\n"
                                 "    call: и(сь)\n"
                                 "    report: вш+part(ся) н+part\n"
                                 "  part: ий его\n"
                                 "letters: {K: гкх, C: бвгкнт}\n"
                                 "changes: {M: {т: ч щ, ст: щ}}\n"
                                 "prefixes: по вы\n"
                                 "reflexive: ся\n"
                                 "without-reflexive: мутить\n"
                                 "paradigms:\n"
                                 "- {form: =бить, stems: {=бь-: verb}}\n"
                                 "- {form: -Mить, stems: {-M'-: verb}}\n"
                                 "- form: -CK\n"
                                 "  only: тюк -анк\n"
                                 "  except: банк\n"
                                 "  stems: {-CоK-: all}\n"
                                 "- {form: -C, stems: {-C-: all, по-C: 0}}\n"
                                 "besides:\n"
                                 "- {form: -нт, stems: {-нт-: 0}}\n";

static void
the_first_row_that_fits_is_taken(void **state)
{
    struct morphology *x = load(plain_rows);
    assert_non_null(x);
    assert_int_equal(kinds_of(x, "x", "танк", "таноку"), KIND_PLAIN);
    assert_int_equal(kinds_of(x, "x", "танк", "танку"), 0);
    assert_int_equal(kinds_of(x, "x", "банк", "банку"), KIND_PLAIN);
    assert_int_equal(kinds_of(x, "x", "гонк", "гонку"), KIND_PLAIN);
    assert_int_equal(kinds_of(x, "x", "гонк", "погонк"), KIND_PLAIN);
    assert_int_equal(kinds_of(x, "x", "гонк", "погонку"), 0);
}

static void
a_word_that_fits_no_row_stands_as_it_is(void **state)
{
    struct morphology *x = load(plain_rows);
    assert_non_null(x);
    assert_int_equal(kinds_of(x, "x", "роза", "роза"), KIND_PLAIN);
    assert_int_equal(kinds_of(x, "x", "роза", "розау"), 0);
}

static void
letters_turn_into_one_or_several(void **state)
{
    struct morphology *x = load(plain_rows);
    assert_non_null(x);
    assert_int_equal(kinds_of(x, "x", "катить", "качу"), KIND_PLAIN);
    assert_int_equal(kinds_of(x, "x", "катить", "кащу"), KIND_PLAIN);
    assert_int_equal(kinds_of(x, "x", "катить", "кату"), 0);
    assert_int_equal(kinds_of(x, "x", "пустить", "пущу"), KIND_PLAIN);
    assert_int_equal(kinds_of(x, "x", "пустить", "пусчу"), 0);
}

static void
endings_have_kinds_and_go_on_with_other_sets(void **state)
{
    struct morphology *x = load(plain_rows);
    assert_non_null(x);
    assert_int_equal(kinds_of(x, "x", "катить", "качи"), KIND_CALL);
    assert_int_equal(kinds_of(x, "x", "катить", "качись"), KIND_CALL);
    assert_int_equal(kinds_of(x, "x", "катить", "качвший"), KIND_REPORT);
    assert_int_equal(kinds_of(x, "x", "катить", "качвшегося"), KIND_REPORT);
    assert_int_equal(kinds_of(x, "x", "катить", "качнегося"), 0);
    assert_int_equal(kinds_of(x, "x", "катить", "ий"), 0);
}

static void
a_reflexive_word_has_reflexive_forms_alone(void **state)
{
    struct morphology *x = load(plain_rows);
    assert_non_null(x);
    assert_int_equal(kinds_of(x, "x", "катиться", "качусь"), KIND_PLAIN);
    assert_int_equal(kinds_of(x, "x", "катиться", "качвшегося"), KIND_REPORT);
    assert_int_equal(kinds_of(x, "x", "катиться", "качу"), 0);
    assert_int_equal(kinds_of(x, "x", "катиться", "качний"), 0);
}

static void
some_words_have_no_reflexive_forms(void **state)
{
    struct morphology *x = load(plain_rows);
    assert_non_null(x);
    assert_int_equal(kinds_of(x, "x", "мутить", "мучу"), KIND_PLAIN);
    assert_int_equal(kinds_of(x, "x", "мутить", "мучусь"), 0);
    assert_int_equal(kinds_of(x, "x", "мутить", "мучвшего"), KIND_REPORT);
    assert_int_equal(kinds_of(x, "x", "мутить", "мучвшегося"), 0);
    assert_int_equal(kinds_of(x, "x", "мутиться", "мучусь"), KIND_PLAIN);
}

static void
a_prefix_may_stand_before_a_base_and_another_before_it(void **state)
{
    struct morphology *x = load(plain_rows);
    assert_non_null(x);
    assert_int_equal(kinds_of(x, "x", "бить", "бьу"), KIND_PLAIN);
    assert_int_equal(kinds_of(x, "x", "выбить", "выбьу"), KIND_PLAIN);
    assert_int_equal(kinds_of(x, "x", "повыбить", "повыбьу"), KIND_PLAIN);
    assert_int_equal(kinds_of(x, "x", "губить", "губьу"), 0);
}

static void
a_letter_may_be_doubled(void **state)
{
    struct morphology *x = load("letters: {C: dfgp, V: aeio}\n"
                                "endings: {all: 0 ed}\n"
                                "paradigms:\n"
                                "- {form: -CVC, stems: {-CVCC-: all}}\n");
    assert_non_null(x);
    assert_int_equal(kinds_of(x, "x", "dig", "digged"), KIND_PLAIN);
    assert_int_equal(kinds_of(x, "x", "dig", "diged"), 0);
    assert_int_equal(kinds_of(x, "x", "dig", "ddiged"), 0);
}

/* An empty stem would be found at every place. */
static void
a_word_that_is_all_ending_stands_as_it_is(void **state)
{
    const struct morphology *x = load("endings: {a: е и, b: 0}\nparadigms:\n"
                                      "- {form: -е, stems: {-: a, -о-: b}}\n");
    assert_non_null(x);
    assert_int_equal(kinds_of(x, "x", "е", "е"), KIND_PLAIN);
    assert_int_equal(kinds_of(x, "x", "е", "о"), KIND_PLAIN);
    assert_int_equal(kinds_of(x, "x", "е", "и"), 0);
    assert_int_equal(kinds_of(x, "x", "те", "ти"), KIND_PLAIN);
}

static void
complains(const char *body, const char *expected)
{
    assert_null(load(body));
    buffer_clear(&report);
    diagnostics_write(diagnostics, &report, false);
    if (!strstr(buffer_text(&report), expected))
        fail_msg("%s\ngave: %s\nexpected: %s", body, buffer_text(&report),
                 expected);
}

static void
what_is_wrong_is_said_with_its_place(void **state)
{
    complains("letters: {K: к}\n",
              "x.yaml:1:1: error: a grammar of this kind has 'endings'");
    complains("endings: {a: 0}\nparadigms:\n"
              "- {form: -к, stems: {-к-: b}}\n",
              "x.yaml:6:27: error: there is no set of endings 'b'");
    complains("endings: {a: 0 +c}\nparadigms:\n"
              "- {form: -к, stems: {-к-: a}}\n",
              "x.yaml:4:14: error: there is no set of endings 'c'");
    complains("endings: {a: х+b, b: у+a}\nparadigms:\n"
              "- {form: -к, stems: {-к-: a}}\n",
              "leads back to itself");
    complains("endings: {a: {order: а}}\nparadigms:\n"
              "- {form: -к, stems: {-к-: a}}\n",
              "'order' is no kind of form");
    complains("endings: {a: у(сь}\nparadigms:\n"
              "- {form: -к, stems: {-к-: a}}\n",
              "in brackets");
    complains("endings: {a: 0}\nparadigms:\n"
              "- {form: -Kа, stems: {-а: a}}\n",
              "no letters are gathered under 'K'");
    complains("endings: {a: 0}\nletters: {K: к}\nparadigms:\n"
              "- {form: -к, stems: {-K: a}}\n",
              "missing in one of the forms");
    complains("endings: {a: 0}\nletters: {K: к}\nparadigms:\n"
              "- {form: -K, stems: {\"-K'\": a}}\n",
              "turns its letters into others");
    complains("endings: {a: 0}\nletters: {к: к}\nparadigms: []\n",
              "one Latin capital");
    complains("endings: {a: 0}\nparadigm: []\nparadigms: []\n",
              "did you mean 'paradigms'?");
    complains("endings: {a: 0}\nparadigms:\n- {form: -к}\n",
              "a paradigm has a form and its stems");
    complains("endings: {a: 0}\nphrase: {before: -й, by: ru-ajd}\n"
              "paradigms:\n- {form: -к, stems: {-к-: a}}\n",
              "x.yaml:5:26: error: no grammar of kind paradigm is called "
              "'ru-ajd', by which words that agree would inflect: did you mean "
              "'ru-adj'?");
#define SOUND "endings: {a: 0}\nparadigms:\n- {form: -к, stems: {-к-: a}}\n"
    complains(SOUND "examples: [рука]\n",
              "x.yaml:7:11: error: 'examples' holds grammars");
    complains(SOUND "examples: {x: рука}\n",
              "x.yaml:7:15: error: the examples of a grammar are words");
    complains(SOUND "examples: {x: {рука: form}}\n",
              "x.yaml:7:22: error: the examples of a word are forms by kind");
    complains(SOUND "examples: {x: {рука: {form: ''}}}\n",
              "x.yaml:7:29: error: the forms of an example");
    complains("endings: {a: 0}\nparadigms:\n- {form: , stems: {-к-: a}}\n",
              "a form has letters");
    complains("endings: {a: 0}\nparadigms:\n- {form: [], stems: {-к-: a}}\n",
              "x.yaml:6:10: error: a form, or a list of forms");
    /* What follows a row that is none is read, too. */
    complains("endings: {a: 0}\nparadigms:\n- рука\n"
              "- {form: -т, stems: {-т-: zz}}\n",
              "x.yaml:7:27: error: there is no set of endings 'zz'");
    complains("endings: {a: 0}\nphrase: {before: -й, by: ky-noun}\n"
              "paradigms:\n- {form: -к, stems: {-к-: a}}\n",
              "no grammar of kind paradigm is called 'ky-noun'");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_first_row_that_fits_is_taken),
        TEST(a_word_that_fits_no_row_stands_as_it_is),
        TEST(letters_turn_into_one_or_several),
        TEST(endings_have_kinds_and_go_on_with_other_sets),
        TEST(a_reflexive_word_has_reflexive_forms_alone),
        TEST(some_words_have_no_reflexive_forms),
        TEST(a_prefix_may_stand_before_a_base_and_another_before_it),
        TEST(a_letter_may_be_doubled),
        TEST(a_word_that_is_all_ending_stands_as_it_is),
        TEST(what_is_wrong_is_said_with_its_place),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
