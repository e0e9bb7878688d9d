#include <stdlib.h>
#include <string.h>

#include "alphabet.h"
#include "reference_search.h"

enum {
    STATES_MOST = 40 * 1000,
    DIGITS_MOST = 4,
    NUMBERED_LEAST = 3,
};

/* --- States that were there before --- */

static bool
put(struct search *search, const struct state *state)
{
    const unsigned char *bytes = (const unsigned char *)state;
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < sizeof(*state); i++)
        hash = (hash ^ bytes[i]) * 1099511628211u;
    size_t slot = (hash ^ hash >> 29) & (search->seen_capacity - 1);
    while (search->seen[slot].at) {
        if (memcmp(&search->seen[slot], state, sizeof(*state)) == 0)
            return false;
        slot = (slot + 1) & (search->seen_capacity - 1);
    }
    search->seen[slot] = *state;
    search->seen_count++;
    return true;
}

static void
grow(struct search *search)
{
    struct state *former = search->seen;
    size_t capacity = search->seen_capacity;
    search->seen_capacity = capacity ? 2 * capacity : 1024;
    search->seen = calloc(search->seen_capacity, sizeof(*search->seen));
    if (!search->seen)
        abort();
    search->seen_count = 0;
    for (size_t i = 0; i < capacity; i++)
        if (former[i].at)
            put(search, &former[i]);
    free(former);
}

static bool
is_new(struct search *search, const struct state *state)
{
    struct state one = *state;
    if (2 * search->seen_count >= search->seen_capacity)
        grow(search);
    one.at++;
    search->too_many = search->too_many || search->seen_count >= STATES_MOST;
    return !search->too_many && put(search, &one);
}

/* --- Where words end --- */

static void
tell(struct search *search, const struct state *state, unsigned kinds)
{
    const struct reference_question *question = search->question;
    struct reference_reading reading = state->reading;
    reading.end = state->at;
    reading.kinds = kinds;
    if (question->end == SIZE_MAX || question->end == state->at)
        search->ended = !question->found(question->context, &reading);
}

/* A number of a few digits behind a word is no part of it. */
static bool
number_follows(const struct reference_written *text, const struct state *state)
{
    size_t at = state->at, digits = 0;
    for (; digits <= DIGITS_MOST; digits++) {
        while (reference_is_hidden(text, at))
            at++;
        uint32_t digit =
            at < text->count ? alphabet_plain(text->points[at]) : 0;
        if (digit < '0' || digit > '9')
            break;
        at++;
    }
    return state->reading.letters >= NUMBERED_LEAST && digits > 0 &&
           digits <= DIGITS_MOST && reference_ends_at(text, at);
}

/* The character behind what divides words, or 0. */
static size_t
behind_gap(const struct reference_written *text, size_t from, bool any)
{
    size_t at = from, blanks = 0, hyphens = 0, others = 0;
    for (; at < text->count && !reference_is_letter(text, at); at++) {
        uint32_t sign = text->points[at];
        if (reference_is_hidden(text, at))
            continue;
        bool hyphen = sign == '-' || (sign >= 0x2010 && sign <= 0x2013);
        if (!any && !hyphen && !alphabet_is_blank(sign))
            break; /* it may stand for a letter */
        hyphens += hyphen;
        blanks += alphabet_is_blank(sign);
        others += !hyphen && !alphabet_is_blank(sign);
    }
    bool plain = !others && (!hyphens || (hyphens == 1 && !blanks));
    bool some = blanks + hyphens + others || reference_begins_at(text, at);
    return at < text->count && some && (plain || any) ? at : 0;
}

static void
cross(struct search *search, const struct state *state, bool any)
{
    struct state next = *state;
    next.at = (uint32_t)behind_gap(search->question->text, state->at, any);
    next.last = next.run = 0;
    if (next.at)
        reference_go_on(search, &next);
}

static void
end_word(struct search *search, const struct state *state, unsigned kinds)
{
    const struct reference_written *text = search->question->text;
    if (state->pending ||
        (!reference_ends_at(text, state->at) && !number_follows(text, state)))
        return;
    kinds = kinds_join(state->kinds, kinds);
    if (state->word + 1 == search->spelling->words.count) {
        tell(search, state, kinds);
        return;
    }
    struct state next = *state;
    next.kinds = kinds;
    next.word++;
    next.in_endings = false;
    next.ending = 0;
    next.letter = 0;
    bool marked =
        next.word < REFERENCE_WORDS_MOST && search->spelling->marked[next.word];
    for (next.stem = 0; next.stem < search_word(search, &next)->count;
         next.stem++)
        cross(search, &next, marked);
}

/* Of a word with any ending: the letters that are left. */
static void
take_rest(struct search *search, const struct state *state, unsigned kinds)
{
    const struct reference_written *text = search->question->text;
    struct state rest = *state;
    for (size_t at = state->at; !reference_ends_at(text, at);) {
        while (reference_is_hidden(text, at))
            at++;
        at = reference_marked(text, at).end;
        rest.at = (uint32_t)at;
    }
    if (rest.at > state->at && !state->pending)
        end_word(search, &rest, kinds);
}

/* Endings that have another word in them. */
static void
read_further_words(struct search *search, const struct state *state)
{
    const struct endings *endings = search_endings(search);
    const struct ending_state *at = &endings->states[state->ending];
    for (size_t i = 0; i < at->count && !state->pending; i++) {
        const struct letter_edge *edge = &endings->edges[at->first + i];
        struct state next = *state;
        next.ending = edge->to;
        if (edge->letter == MORPHOLOGY_GLUE)
            reference_go_on(search, &next);
        if (edge->letter == MORPHOLOGY_GLUE || edge->letter == ' ')
            cross(search, &next, false);
    }
}

/* Where a stem has ended its endings begin. */
void
reference_each_place(struct search *search, const struct state *state,
                     reference_then *then, const void *context)
{
    then(search, state, context);
    if (state->in_endings)
        return;
    const struct stem *stem = &search_word(search, state)->stems[state->stem];
    if (state->letter < stem->len)
        return;
    struct state next = *state;
    next.in_endings = true;
    next.ending = stem->state;
    then(search, &next, context);
}

static void
go_on_here(struct search *search, const struct state *state,
           const void *context)
{
    (void)context;
    if (!is_new(search, state) || search->ended)
        return;
    const struct reference_written *text = search->question->text;
    if (state->in_endings) {
        const struct ending_state *at =
            &search_endings(search)->states[state->ending];
        if (at->kinds)
            end_word(search, state, at->kinds);
        if (at->any_letter)
            take_rest(search, state, at->kinds);
        read_further_words(search, state);
    }
    reference_unwritten(search, state);
    if (state->at >= text->count)
        return;
    if (reference_is_hidden(text, state->at)) {
        struct state next = *state;
        next.reading.through |= DISGUISE_INVISIBLE;
        next.at++;
        if (state->reading.letters)
            reference_go_on(search, &next);
        return;
    }
    reference_moves(search, state);
}

void
reference_go_on(struct search *search, const struct state *state)
{
    const struct reference_question *question = search->question;
    if (search->ended || search->too_many || state->at > question->end ||
        (state->reading.through & ~question->allowed))
        return;
    reference_each_place(search, state, go_on_here, NULL);
}

bool
reference_read(const struct reference_question *question)
{
    bool all = true, ended = false;
    for (size_t i = 0; i < question->dictionary->count && !ended; i++) {
        struct search search = {.question = question,
                                .spelling =
                                    &question->dictionary->spellings[i]};
        uint32_t first = (uint32_t)question->first;
        struct state state = {.at = first, .reading = {.first = first}};
        if (search.spelling->term != question->term ||
            !search.spelling->words.count)
            continue;
        for (; state.stem < search_word(&search, &state)->count; state.stem++)
            reference_go_on(&search, &state);
        free(search.seen);
        all = all && !search.too_many;
        ended = search.ended;
    }
    return all || ended;
}
