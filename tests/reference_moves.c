#include "alphabet.h"
#include "lattice_table.h"
#include "reference_search.h"

enum {
    SIGNS_MOST = 12,
    MASKED_MOST = 6,
    APART_MOST = 4,
    BRACKETS_MOST = 4,
};

/* One letter of the form is meant; what follows is for the caller to say. */
static void
take(struct search *search, const struct state *state, uint32_t letter,
     reference_then *then, const void *context)
{
    struct state next = *state;
    next.pending = next.apart = false;
    next.reading.letters++;
    if (!state->in_endings) {
        const struct stem *stem =
            &search_word(search, state)->stems[state->stem];
        if (state->letter < stem->len &&
            stem->letters[state->letter] == letter) {
            next.letter++;
            next.reading.stem++;
            then(search, &next, context);
        }
        return;
    }
    const struct endings *endings = search_endings(search);
    const struct ending_state *at = &endings->states[state->ending];
    for (size_t i = 0; i < at->count; i++)
        if (endings->edges[at->first + i].letter == letter) {
            next.ending = endings->edges[at->first + i].to;
            then(search, &next, context);
        }
}

static void
go_on_with(struct search *search, const struct state *state,
           const void *context)
{
    (void)context;
    reference_go_on(search, state);
}

static void
spend(struct state *state, unsigned through)
{
    state->reading.through |= through;
}

static void
take_also(struct search *search, const struct state *state, const void *also)
{
    take(search, state, *(const uint32_t *)also, go_on_with, NULL);
}

static void
take_second(struct search *search, const struct state *state,
            const void *context)
{
    const struct reference_meaning *meaning = context;
    if (meaning->letters[1])
        reference_each_place(search, state, take_also, &meaning->letters[1]);
    else
        reference_go_on(search, state);
}

static void
read_letters(struct search *search, const struct state *state)
{
    const struct reference_meanings *meanings =
        reference_meanings_at(search->question->text, state->at);
    for (size_t i = 0; i < meanings->count; i++) {
        const struct reference_meaning *meaning = &meanings->items[i];
        struct state next = *state;
        spend(&next, meaning->through);
        next.reading.leet += (meaning->through & DISGUISE_LEET) != 0;
        next.last = meaning->last;
        next.run = 1;
        next.at = (uint32_t)meaning->end;
        take(search, &next, meaning->letters[0], take_second, meaning);
    }
}

/* A Latin spelling leaves these out. */
void
reference_unwritten(struct search *search, const struct state *state)
{
    static const uint32_t unwritten[] = {U'ь', U'ъ'};
    for (size_t i = 0; i < 2 && state->last >= 'a' && state->last <= 'z'; i++) {
        struct state next = *state;
        spend(&next, DISGUISE_TRANSLIT);
        next.last = next.run = 0;
        take(search, &next, unwritten[i], go_on_with, NULL);
    }
}

/* --- What else may stand there --- */

static void
read_repeated(struct search *search, const struct state *state)
{
    const struct reference_written *text = search->question->text;
    if (!state->last || !reference_is_letter(text, state->at))
        return;
    struct reference_mark letter = reference_marked(text, state->at);
    if (!reference_same(letter.letter, state->last))
        return;
    struct state next = *state;
    spend(&next, DISGUISE_REPEAT | (letter.hidden ? DISGUISE_INVISIBLE : 0));
    next.reading.repeats += state->run == 1;
    next.run++;
    if (next.run > next.reading.longest)
        next.reading.longest = next.run;
    next.pending = next.apart = false;
    next.at = (uint32_t)letter.end;
    reference_go_on(search, &next);
}

static bool
sets_apart(uint32_t sign)
{
    return alphabet_is_blank(sign) || lattice_sets_apart(sign) ||
           lattice_is_picture(sign);
}

static void
read_spacing(struct search *search, const struct state *state)
{
    const struct reference_written *text = search->question->text;
    struct state next = *state;
    if (state->apart || state->reading.letters == 0)
        return;
    spend(&next, DISGUISE_SPACING);
    next.pending = next.apart = true;
    next.reading.gaps++;
    for (size_t i = 0; i < APART_MOST && next.at < text->count &&
                       sets_apart(text->points[next.at]);
         i++) {
        next.at++;
        reference_go_on(search, &next);
        for (; reference_is_hidden(text, next.at); next.at++)
            spend(&next, DISGUISE_INVISIBLE);
    }
}

static void
read_bracket(struct search *search, const struct state *state)
{
    struct state next = *state;
    if (!lattice_is_bracket(search->question->text->points[state->at]) ||
        state->reading.letters == 0 || state->reading.brackets == BRACKETS_MOST)
        return;
    spend(&next, DISGUISE_MASK);
    next.reading.brackets++;
    next.pending = true;
    next.at++;
    reference_go_on(search, &next);
}

static void guess(struct search *search, const struct state *state,
                  const void *left);

static void
guess_more(struct search *search, const struct state *state, const void *left)
{
    unsigned more = *(const unsigned *)left - 1;
    reference_go_on(search, state);
    if (more)
        reference_each_place(search, state, guess, &more);
}

/* Up to so many letters, whichever the form has. */
static void
guess(struct search *search, const struct state *state, const void *left)
{
    struct state next = *state;
    if (state->reading.masked == MASKED_MOST || search->too_many)
        return;
    next.reading.masked++;
    next.reading.stem_masked += !state->in_endings;
    next.last = next.run = 0;
    if (!state->in_endings) {
        const struct stem *stem =
            &search_word(search, state)->stems[state->stem];
        if (state->letter < stem->len)
            take(search, &next, stem->letters[state->letter], guess_more, left);
        return;
    }
    const struct endings *endings = search_endings(search);
    const struct ending_state *at = &endings->states[state->ending];
    for (size_t i = 0; i < at->count; i++)
        if (endings->edges[at->first + i].letter > ' ')
            take(search, &next, endings->edges[at->first + i].letter,
                 guess_more, left);
}

/* A star may be three letters, a dot two; the first letter is one sign. */
static void
read_mask(struct search *search, const struct state *state)
{
    const struct reference_written *text = search->question->text;
    uint32_t first = text->points[state->at];
    struct state next = *state;
    unsigned signs = 0;
    for (; next.at < text->count && signs < SIGNS_MOST &&
           lattice_hides(text->points[next.at]) &&
           lattice_hide_alike(text->points[next.at], first);) {
        signs += text->points[next.at] == U'…' ? 3 : 1;
        next.reading.weak =
            next.reading.weak || lattice_masks_weakly(text->points[next.at]);
        next.at++;
        for (; reference_is_hidden(text, next.at); next.at++)
            spend(&next, DISGUISE_INVISIBLE);
    }
    bool begins = state->reading.letters == 0;
    if (signs == 0 || (begins && signs > 1))
        return;
    spend(&next, DISGUISE_MASK);
    next.reading.begins = next.reading.begins || begins;
    unsigned most = begins ? 1 : lattice_masks_weakly(first) ? signs + 1 : 3;
    if (most < signs)
        most = signs;
    guess(search, &next, &most);
}

void
reference_moves(struct search *search, const struct state *state)
{
    read_letters(search, state);
    read_repeated(search, state);
    read_spacing(search, state);
    read_bracket(search, state);
    read_mask(search, state);
}
