#include "frequent_terms.h"

#include <stdlib.h>

#include "matcher_model.h"
#include "words.h"

/* Letters of a stem: what begins with more is no such share of a text. */
enum { SHORT_STEM = 3, LANGUAGES = WORDS_ENGLISH + 1, RANK_MOST = 3000 };

struct share {
    double of[LANGUAGES];
    uint32_t seen; /* the number of the word it was last found in */
};

struct frequent_terms {
    const struct matcher *matcher;
    struct scanner *scanner;
    struct error *err;
    struct share *shares;
    double totals[LANGUAGES];
    enum words_language language;
    uint32_t number;
};

static bool
has_short_stems(const struct matcher *matcher)
{
    for (size_t i = 0; i < matcher->terms.entry_count; i++) {
        const struct trie_entry *entry = &matcher->terms.entries[i];
        const struct spelling *spelling =
            &matcher->terms.items[entry->output.spelling];
        if (entry->len <= SHORT_STEM && spelling->word_count == 1 &&
            spelling->term->category != RULES_NONE)
            return true;
    }
    return false;
}

static bool
screen(void *context, unsigned rank, struct span word)
{
    struct frequent_terms *terms = context;
    const struct rules *rules = matcher_rules(terms->matcher);
    const struct matcher_input input = {.fields = {[FIELD_TEXT] = word}};
    struct match_list matches;
    if (rank > RANK_MOST)
        return true;
    if (!matcher_scan(terms->matcher, terms->scanner, &input, &matches,
                      terms->err))
        return false;
    terms->number++;
    terms->totals[terms->language] += 1.0 / rank;
    for (size_t i = 0; i < matches.count; i++) {
        if (!matches.items[i].term)
            continue;
        struct share *share =
            &terms->shares[matches.items[i].term - rules->terms];
        if (share->seen != terms->number)
            share->of[terms->language] += 1.0 / rank;
        share->seen = terms->number;
    }
    return true;
}

static void
tell(const struct frequent_terms *terms, const struct term *term,
     const struct share *share, struct diagnostics *diagnostics)
{
    static const char *const names[] = {"Kyrgyz", "Russian", "English"};
    double most = 0;
    int language = 0;
    for (int i = 0; i < LANGUAGES; i++) {
        double of_thousand =
            terms->totals[i] > 0 ? 1000 * share->of[i] / terms->totals[i] : 0;
        if (of_thousand > most) {
            most = of_thousand;
            language = i;
        }
    }
    if (most < FREQUENT_HIGH)
        return;
    static const char *const advice =
        "give it more letters, or list its forms and write 'morphology: "
        "exact', or leave its category out and let a rule ask for it";
    if (most > FREQUENT_MOST)
        diagnostics_error(diagnostics, term->text_place,
                          "'%.*s' (%s) would flag %.0f of 1,000 words of %s "
                          "text; %d is the limit: %s",
                          SPAN_ARGS(term->text), term->id, most,
                          names[language], FREQUENT_MOST, advice);
    else
        diagnostics_warning(diagnostics, term->text_place,
                            "'%.*s' (%s) flags %.0f of 1,000 words of %s text; "
                            "above %d it is refused: %s",
                            SPAN_ARGS(term->text), term->id, most,
                            names[language], FREQUENT_MOST, advice);
}

static void
free_shares(struct share **shares)
{
    free(*shares);
}

bool
frequent_terms_check(const struct matcher *matcher,
                     struct diagnostics *diagnostics, struct error *err)
{
    const struct rules *rules = matcher_rules(matcher);
    if (!has_short_stems(matcher))
        return true;
    CLEANUP(scanner_freep) struct scanner *scanner = scanner_new(err);
    if (!scanner)
        return false;
    CLEANUP(free_shares)
    struct share *shares = calloc(rules->term_count + 1, sizeof(*shares));
    if (!shares)
        return error_no_memory(err);
    struct frequent_terms terms = {
        .matcher = matcher, .scanner = scanner, .err = err, .shares = shares};
    for (int i = 0; i < LANGUAGES; i++) {
        terms.language = (enum words_language)i;
        if (!words_each(terms.language, screen, &terms))
            return false;
    }
    for (size_t i = 0; i < rules->term_count; i++)
        tell(&terms, &rules->terms[i], &shares[i], diagnostics);
    return true;
}
