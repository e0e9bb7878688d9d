#include "common_words.h"

#include <stdlib.h>

#include "utf8.h"
#include "words.h"

enum {
    WARNINGS_A_TERM = 3,
    SHORT_STEM = 3,   /* letters: such a term has few of its own */
    FOREIGN_STEM = 4, /* a longer one is a loan word in the other language */
};

struct common_words {
    const struct matcher *matcher;
    struct scanner *scanner;
    struct diagnostics *diagnostics;
    struct error *err;
    unsigned char *warned; /* of each term, how often */
    enum words_language language;
    unsigned rank;
    struct span word;
};

static const char *
language_in_words(enum words_language language)
{
    static const char *const names[] = {"Kyrgyz", "Russian", "English",
                                        "Turkish", "Uzbek"};
    return names[language];
}

/* Is the word a form that nobody would expect of the term? */
static bool
is_surprise(const struct common_words *words, const struct candidate *candidate)
{
    const struct term *term = candidate->term;
    if (candidate->form == MATCH_DISGUISED)
        return true;
    if (candidate->form == MATCH_EXACT)
        return false;
    unsigned own = words_rank(words->language, term->text);
    const char *language = words_language_name(words->language);
    if (strcmp(term->lang, language) != 0)
        return own == 0 && term->lang[0] != '\0' &&
               utf8_count(term->text) <= FOREIGN_STEM;
    return utf8_count(term->text) <= SHORT_STEM &&
           (own == 0 || own > words->rank);
}

static void
look_at(void *context, const struct candidate *candidate)
{
    struct common_words *words = context;
    const struct term *term = candidate->term;
    if (!term || (candidate->outcome != CANDIDATE_COUNTED &&
                  candidate->outcome != CANDIDATE_HELPER))
        return;
    unsigned char *warned =
        &words->warned[term - matcher_rules(words->matcher)->terms];
    if (*warned >= WARNINGS_A_TERM || !is_surprise(words, candidate))
        return;
    ++*warned;
    diagnostics_warning(
        words->diagnostics, term->place,
        "'%.*s', number %u of the common %s words, is found as %s '%.*s': if "
        "that is wrong, put it under except, or list the forms and write "
        "'morphology: exact'",
        SPAN_ARGS(words->word), words->rank, language_in_words(words->language),
        candidate->form == MATCH_DISGUISED ? "a disguised" : "a form of",
        SPAN_ARGS(term->text));
}

static bool
screen(void *context, unsigned rank, struct span word)
{
    struct common_words *words = context;
    words->rank = rank;
    words->word = word;
    const struct matcher_input input = {.fields = {[FIELD_TEXT] = word}};
    struct match_list matches;
    return matcher_scan(words->matcher, words->scanner, &input, &matches,
                        words->err);
}

static void
free_bytes(unsigned char **bytes)
{
    free(*bytes);
}

bool
common_words_check(const struct matcher *matcher,
                   struct diagnostics *diagnostics, struct error *err)
{
    CLEANUP(scanner_freep) struct scanner *scanner = scanner_new(err);
    if (!scanner)
        return false;
    CLEANUP(free_bytes)
    unsigned char *warned = calloc(matcher_rules(matcher)->term_count + 1, 1);
    if (!warned)
        return error_no_memory(err);
    struct common_words words = {.matcher = matcher,
                                 .scanner = scanner,
                                 .diagnostics = diagnostics,
                                 .err = err,
                                 .warned = warned};
    scanner_trace(scanner, look_at, &words);
    for (unsigned i = 0; i < WORDS_LANGUAGES; i++) {
        words.language = (enum words_language)i;
        if (!words_each(words.language, screen, &words))
            return false;
    }
    return true;
}
