#include "disguise_cases.h"

#include <stdio.h>
#include <stdlib.h>

#include "disguise_certain.h"
#include "reference_reading.h"
#include "utf8.h"

struct disguise_cases {
    unsigned most;   /* disguises of a word that has to be found */
    unsigned judged; /* disguises of one that has not */
    struct matcher *matcher;
    struct scanner *scanner;
    struct reference_dictionary *dictionary;
    struct stem_words *words; /* of each term */
};

#define TERM(id, text, grammar, lang)                                          \
    "  - {id: " id ", term: " text ", morphology: " grammar ", lang: " lang    \
    ", role: any, category: c0, severity: 1}\n"
#define KIND(name)                                                             \
    "  - {id: " name ", category: c1, severity: 1, within: 2, when: "          \
    "[{role: any, forms: [" name "]}]}\n"

/* Words that no language here has, in all grammars; a rule for each kind of
 * form. */
static const char dictionary[] =
    "karool: rules/1\nterms:\n" TERM("kn", "зөмпүк", "ky-noun", "ky")
        TERM("kb", "чүрпөңгүл", "ky-noun", "ky")
            TERM("ka", "дыгжаңкы", "ky-adj", "ky")
                TERM("kv", "пөжгүлдө", "ky-verb", "ky")
                    TERM("kw", "быржыңка", "ky-verb", "ky")
                        TERM("km", "тыңгур шомпөк", "ky-noun", "ky")
                            TERM("rn", "бузмырга", "ru-noun", "ru")
                                TERM("ra", "хрундявый", "ru-adj", "ru")
                                    TERM("rv", "вжибурить", "ru-verb", "ru")
                                        TERM("ex", "эщюцфя", "exact", "ru")
                                            TERM("pr", "жвичпод", "prefix",
                                                 "ru") "rules:\n" KIND("plain")
                                                KIND("call") KIND("wish")
                                                    KIND("report")
                                                        KIND("negative");

struct disguise_cases *
disguise_cases_new(unsigned most, unsigned judged)
{
    struct disguise_cases *cases = calloc(1, sizeof(*cases));
    const struct rules_text texts[] = {
        {"categories.yaml",
         span_of("karool: categories/1\ncategories:\n  - {id: c0}\n"
                 "  - {id: c1}\n")},
        {"a.yaml", span_of(dictionary)}};
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    CLEANUP(rules_unrefp)
    struct rules *rules = rules_load_texts(texts, 2, diagnostics);
    if (cases && rules)
        cases->matcher = matcher_new(rules, diagnostics, NULL);
    if (!cases || !cases->matcher) {
        CLEANUP(buffer_done) struct buffer report = {0};
        diagnostics_write(diagnostics, &report, false);
        fputs(buffer_text(&report), stderr);
        abort();
    }
    cases->most = most;
    cases->judged = judged;
    cases->scanner = scanner_new(NULL);
    cases->dictionary = reference_dictionary_new(rules);
    cases->words = calloc(rules->term_count, sizeof(*cases->words));
    if (!cases->scanner || !cases->words)
        abort();
    for (size_t i = 0; i < rules->term_count; i++)
        cases->words[i] =
            *reference_dictionary_words(cases->dictionary, &rules->terms[i]);
    return cases;
}

void
disguise_cases_free(struct disguise_cases *cases)
{
    reference_dictionary_free(cases->dictionary);
    matcher_unref(cases->matcher);
    scanner_free(cases->scanner);
    free(cases->words);
    free(cases);
}

enum { HIDDEN_MOST = 2 }; /* words of a text */

/* A word, and what was put on it. */
struct hidden {
    const struct term *term;
    struct disguised_word word;
    size_t first, end; /* characters */
    struct disguise_put_on put_on;
};

static const struct match *
match_at(const struct match_list *list, const struct hidden *hidden,
         const char *rule)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct match *match = &list->items[i];
        bool same = rule ? match->rule && !strcmp(match->rule->id, rule) &&
                               match->parts[0].term == hidden->term
                         : match->term == hidden->term;
        if (same && match->extent.code_points[0] == hidden->first &&
            match->extent.code_points[1] == hidden->end)
            return match;
    }
    return NULL;
}

/* Compared where the same was undone. */
static bool
kinds_are_told(const struct match_list *list, const struct hidden *hidden,
               struct disguise_tally *tally)
{
    static const struct {
        const char *rule;
        unsigned label;
    } labels[] = {{"plain", FORM_PLAIN},
                  {"call", FORM_CALL},
                  {"wish", FORM_WISH},
                  {"report", FORM_REPORT},
                  {"negative", FORM_NEGATIVE}};
    /* Another form may have been hidden, have had the letter twice, or be
     * meant by these Latin letters more often. */
    if ((hidden->put_on.through &
         (DISGUISE_MASK | DISGUISE_REPEAT | DISGUISE_TRANSLIT)) ||
        match_at(list, hidden, NULL)->through != hidden->put_on.through)
        return true;
    for (size_t i = 0; i < COUNT_OF(labels); i++) {
        if (!disguise_form_says(hidden->word.kinds, labels[i].label))
            continue;
        tally->labels++;
        if (match_at(list, hidden, labels[i].rule))
            continue;
        fprintf(stderr, "no %s:\n", labels[i].rule);
        return false;
    }
    return true;
}

/* Latin letters beside others, and signs, may be taken by their looks. */
static bool
undoes_no_more(const struct match *match, const struct hidden *hidden)
{
    unsigned through = hidden->put_on.through;
    return (through & (DISGUISE_TRANSLIT | DISGUISE_LEET)) ||
           __builtin_popcount(match->through) <= __builtin_popcount(through);
}

static bool
is_found(struct disguise_cases *cases, struct reference_written *text,
         const struct match_list *list, const struct hidden *hidden,
         struct disguise_tally *tally)
{
    struct disguise_wanted wanted = {.through = hidden->put_on.through};
    const struct match *match = match_at(list, hidden, NULL);
    bool read = disguise_is_read(cases->dictionary, text, hidden->term,
                                 hidden->first, hidden->end, &wanted, tally);
    if (!read && !wanted.reached)
        fprintf(stderr, "the reference does not read:\n");
    else if (!wanted.within || (hidden->put_on.through & cases->judged) ||
             (unsigned)__builtin_popcount(hidden->put_on.through) >
                 cases->most ||
             !disguise_is_certain(text, hidden->first, hidden->end,
                                  &hidden->put_on))
        return true;
    else if (!match)
        fprintf(stderr, "not found:\n");
    else if (!undoes_no_more(match, hidden))
        fprintf(stderr, "too much undone (%#x):\n", match->through);
    else if (kinds_are_told(list, hidden, tally)) {
        tally->compared++;
        tally->of[hidden->put_on.through]++;
        return true;
    }
    fprintf(
        stderr, "%s at %zu-%zu through %#x:\n%.*s\n%.*s\n", hidden->term->id,
        hidden->first, hidden->end, hidden->put_on.through,
        (int)(text->offsets[hidden->end] - text->offsets[hidden->first]),
        text->bytes.at + text->offsets[hidden->first], SPAN_ARGS(text->bytes));
    return false;
}

static void
add_ordinary(const struct chooser *chooser, unsigned least, struct buffer *out)
{
    static const char *const words[] = {
        "бүгүн",   "мектепте",  "окуучулар", "китептер", "жазылган",
        "шаардын", "тургундар", "сегодня",   "учебники", "написали",
        "вечером", "погода",    "жаңылык",   "күндөрү",  "айылдагы"};
    static const char *const behind[] = {" ", " ", " ", ", ", ". ", "\n"};
    for (unsigned i = least + chosen(chooser, 5); i > 0; i--) {
        buffer_append_text(out, words[chosen(chooser, COUNT_OF(words))]);
        buffer_append_text(out, behind[chosen(chooser, COUNT_OF(behind))]);
    }
}

static unsigned
choose_disguises(const struct chooser *chooser)
{
    static const unsigned counts[] = {0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 8};
    unsigned wanted = 0;
    for (unsigned i = counts[chosen(chooser, COUNT_OF(counts))]; i > 0; i--)
        wanted |= 1u << chosen(chooser, DISGUISE_COUNT);
    return wanted;
}

static bool
add_hidden(struct disguise_cases *cases, const struct chooser *chooser,
           struct buffer *out, struct hidden *hidden)
{
    const struct rules *rules = matcher_rules(cases->matcher);
    unsigned number = chosen(chooser, (unsigned)rules->term_count);
    unsigned wanted = choose_disguises(chooser);
    hidden->term = &rules->terms[number];
    if (!disguise_form(chooser, morphology_endings(rules->morphology),
                       &cases->words[number], &hidden->word))
        return false;
    hidden->first = utf8_count(buffer_span(out));
    hidden->put_on.through = disguise_make(chooser, wanted, &hidden->word, out);
    hidden->put_on.weak = hidden->word.weak;
    hidden->put_on.words = hidden->word.word_count;
    hidden->end = utf8_count(buffer_span(out));
    /* A number behind a word is no part of it; a digit may be. */
    enum { NO_NUMBER = DISGUISE_LEET | DISGUISE_SPACING | DISGUISE_TRANSLIT };
    if (!(hidden->put_on.through & NO_NUMBER) &&
        hidden->term->morphology != GRAMMAR_PREFIX && chosen(chooser, 12) == 0)
        buffer_append_text(out, "2024");
    return true;
}

/* Words in disguise among ordinary ones; returns how many. */
static size_t
make_text(struct disguise_cases *cases, const struct chooser *chooser,
          struct buffer *out, struct hidden *hidden)
{
    size_t count = 0;
    for (unsigned i = 1 + chosen(chooser, HIDDEN_MOST); i > 0; i--) {
        add_ordinary(chooser, count, out);
        hidden[count] = (struct hidden){0};
        count += add_hidden(cases, chooser, out, &hidden[count]);
        buffer_append_text(out, chosen(chooser, 4) ? " " : ", ");
    }
    add_ordinary(chooser, 0, out);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            hidden[i].put_on.beside_latin |=
                i != j && (hidden[j].put_on.through & DISGUISE_TRANSLIT);
    return count;
}

static bool
compare(struct disguise_cases *cases, struct span bytes,
        const struct hidden *hidden, size_t count, struct disguise_tally *tally)
{
    struct matcher_input input = {.fields = {bytes}};
    struct match_list list;
    struct reference_written text;
    if (!matcher_scan(cases->matcher, cases->scanner, &input, &list, NULL))
        return false;
    reference_written_read(&text, bytes);
    /* Pieces of another word may be those that make a call. */
    bool holds =
        disguise_explains(cases->dictionary, &text, &list, count == 1, tally);
    for (size_t i = 0; i < count && holds; i++)
        holds = is_found(cases, &text, &list, &hidden[i], tally);
    reference_written_done(&text);
    tally->texts++;
    return holds;
}

bool
disguise_cases_compare(struct disguise_cases *cases,
                       const struct chooser *chooser,
                       struct disguise_tally *tally)
{
    struct hidden hidden[HIDDEN_MOST];
    CLEANUP(buffer_done) struct buffer text = {0};
    size_t count = make_text(cases, chooser, &text, hidden);
    return compare(cases, buffer_span(&text), hidden, count, tally);
}

/* Left out, written twice, or another one in its place. */
static void
append_changed(const struct chooser *chooser, struct buffer *out,
               uint32_t point)
{
    static const uint32_t others[] =
        U"  **.-_#@$0134!|(«'`…😀\u200B\u0301aoeuynhкоөүңиьзбүАОШҢӧѳγ";
    switch (chosen(chooser, 3)) {
    case 0:
        break;
    case 1:
        utf8_append(out, point);
        utf8_append(out, point);
        break;
    default:
        utf8_append(out, others[chosen(chooser, COUNT_OF(others) - 1)]);
        break;
    }
}

bool
disguise_cases_explain_changed(struct disguise_cases *cases,
                               const struct chooser *chooser,
                               struct disguise_tally *tally)
{
    struct hidden hidden[HIDDEN_MOST];
    CLEANUP(buffer_done) struct buffer text = {0}, changed = {0};
    make_text(cases, chooser, &text, hidden);
    unsigned one_in = 4 + chosen(chooser, 30);
    for (size_t at = 0; at < text.len;) {
        bool valid;
        uint32_t point = utf8_next(buffer_span(&text), &at, &valid);
        if (chosen(chooser, one_in))
            utf8_append(&changed, point);
        else
            append_changed(chooser, &changed, point);
    }
    return compare(cases, buffer_span(&changed), NULL, 0, tally);
}
