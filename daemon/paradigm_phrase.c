#include "paradigm_model.h"

/*
 * A term of several words has a head, which inflects by the grammar of the
 * term: the first word that looks like one, or the first that does not look
 * like a word that agrees. Words before it that do ("деревянная чурка"), and
 * words right behind it ("роза чайная"), inflect by the grammar that `by`
 * names. All others stand as they are, and so does everything from the first
 * of the words `fixed` on ("место на кухне").
 */

static bool
fits(const struct paradigm *paradigm, const struct pattern_list *list,
     struct span_of_letters word)
{
    struct pattern_match match;
    return pattern_list_fits(paradigm, list, word, &match);
}

/* How many words stand before the first that is fixed. */
static size_t
words_that_inflect(const struct paradigm *paradigm,
                   const struct stem_sink *sink)
{
    const struct letter_list *fixed = &paradigm->phrase.fixed;
    for (size_t i = 0; i < sink->word_count; i++)
        for (size_t j = 0; j < fixed->count; j++)
            if (fixed->items[j].len == sink->words[i].len &&
                letters_end(sink->words[i], fixed->items[j]))
                return i;
    return sink->word_count;
}

static size_t
find_head(const struct paradigm *paradigm, const struct stem_sink *sink,
          size_t count)
{
    const struct paradigm_phrase *phrase = &paradigm->phrase;
    for (size_t i = 0; i < count; i++)
        if (phrase->head.count
                ? fits(paradigm, &phrase->head, sink->words[i])
                : phrase->before.count &&
                      !fits(paradigm, &phrase->before, sink->words[i]))
            return i;
    return count ? count - 1 : 0;
}

const struct grammar *
phrase_grammar(const struct grammar *grammar, const struct stem_sink *sink)
{
    const struct paradigm *paradigm = grammar->data;
    const struct paradigm_phrase *phrase = &paradigm->phrase;
    size_t number = sink->number;
    if (sink->word_count <= 1)
        return grammar;
    size_t count = words_that_inflect(paradigm, sink);
    size_t head = find_head(paradigm, sink, count);
    if (number >= count)
        return NULL;
    if (number == head)
        return grammar;
    bool agrees =
        number < head && fits(paradigm, &phrase->before, sink->words[number]);
    for (size_t i = head + 1; i <= number; i++)
        agrees = fits(paradigm, &phrase->behind, sink->words[i]) &&
                 (agrees || i == head + 1);
    const struct grammar *by = grammar_find(sink->morphology, phrase->by);
    return agrees && by && by->kind == grammar->kind ? by : NULL;
}

void
phrase_check(struct grammar_loader *loader, const struct grammar *grammar)
{
    enum { NAMES_MOST = 64 };
    const struct paradigm *paradigm = grammar->data;
    const struct paradigm_phrase *phrase = &paradigm->phrase;
    const struct grammar *by = grammar_find(loader->morphology, phrase->by);
    const char *names[NAMES_MOST + 1] = {NULL};
    const char *name;
    size_t count = 0;
    if (phrase->by.len == 0 || (by && by->kind == grammar->kind))
        return;
    for (int i = 0; (name = morphology_name(loader->morphology, i)); i++) {
        const struct grammar *one =
            grammar_find(loader->morphology, span_of(name));
        if (one->kind == grammar->kind && count < NAMES_MOST)
            names[count++] = name;
    }
    const char *near = diagnostics_nearest(phrase->by, names);
    diagnostics_error(loader->diagnostics, phrase->by_place,
                      "no grammar of kind %s is called '%.*s', by which words "
                      "that agree would inflect%s%s%s",
                      grammar->kind->name, SPAN_ARGS(phrase->by),
                      near ? ": did you mean '" : "", near ? near : "",
                      near ? "'?" : "");
}
