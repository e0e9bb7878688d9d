#include "reference_forms.h"

#include <stdlib.h>
#include <string.h>

#include "rules.h"

enum { PATH_MOST = 512 };

struct state {
    size_t letter;  /* of the text, that comes next */
    size_t word;    /* of the term */
    size_t crossed; /* gaps that were crossed */
    bool begun, gap;
    unsigned through;
    enum reference_script imitated;
    size_t depth;
};

struct walk {
    const struct reference_form_search *search;
    uint32_t path[PATH_MOST]; /* letters read, ' ' for a gap */
};

static void walk_word(struct walk *walk, struct state state);

uint32_t *
reference_folded(const struct reference_text *text, size_t *len)
{
    uint32_t *letters = calloc(2 * text->letter_count + 1, sizeof(*letters));
    if (!letters)
        abort();
    *len = 0;
    for (size_t i = 0; i < text->letter_count; i++) {
        if (i && text->letters[i].begins_word)
            letters[(*len)++] = ' ';
        letters[(*len)++] = text->letters[i].letter;
    }
    return letters;
}

static bool
word_ends(const struct walk *walk, const struct state *state)
{
    const struct reference_text *text = walk->search->text;
    return state->letter == text->letter_count ||
           text->letters[state->letter].begins_word;
}

/* bl and bi are drawn for ы. */
static bool
two_for_one(const struct reference_text *text, const struct state *state)
{
    const struct reference_letter *letters = &text->letters[state->letter];
    return state->letter + 1 < text->letter_count && letters[0].letter == 'b' &&
           (letters[1].letter == 'i' || letters[1].letter == 'l') &&
           !letters[1].begins_word;
}

/* The next letter of the text, read as the one that is meant. */
static bool
take(struct walk *walk, struct state *state, uint32_t meant)
{
    const struct reference_text *text = walk->search->text;
    if (state->letter == text->letter_count || state->depth == PATH_MOST)
        return false;
    const struct reference_letter *written = &text->letters[state->letter];
    bool inside = state->begun && !state->gap;
    if (inside && written->begins_word)
        return false;
    struct reference_letter wanted = reference_letter_of(meant);
    bool hides =
        written->hidden || (inside && written[-1].end < written->first);
    if (meant == U'ы' && two_for_one(text, state)) {
        state->letter++; /* and the one below */
        written++;
        hides = hides || written->hidden || written[-1].end < written->first;
    } else if (walk->search->by_look ? !reference_looks_like(written, &wanted)
                                     : written->letter != wanted.letter &&
                                           !reference_alike(written, &wanted))
        return false;
    if (hides)
        state->through |= DISGUISE_INVISIBLE;
    if (written->letter != wanted.letter) {
        if (!(state->through & DISGUISE_HOMOGLYPH))
            state->imitated = wanted.script;
        state->through |= DISGUISE_HOMOGLYPH;
    }
    walk->path[state->depth++] = meant;
    state->letter++;
    state->begun = true;
    state->gap = false;
    return true;
}

static bool
cross(struct walk *walk, struct state *state, bool any)
{
    const struct reference_text *text = walk->search->text;
    if (state->letter == text->letter_count || state->gap ||
        state->depth == PATH_MOST || !text->letters[state->letter].begins_word)
        return false;
    const struct reference_letter *next = &text->letters[state->letter];
    if (!any && !walk->search->by_look &&
        !reference_gap_divides_words(text, next[-1].end, next->first))
        return false;
    walk->path[state->depth++] = ' ';
    state->gap = true;
    state->crossed++;
    return true;
}

/* Does something else than blanks or one hyphen stand there in the entry? */
static bool
is_marked(const struct reference_text *spelling, size_t word)
{
    if (word >= spelling->word_count)
        return false;
    const struct reference_letter *first =
        &spelling->letters[spelling->words[word]];
    return !reference_gap_divides_words(spelling, first[-1].end, first->first);
}

static void
tell(struct walk *walk, const struct state *state)
{
    size_t len;
    uint32_t *letters = reference_folded(walk->search->spelling, &len);
    struct reference_form form = {
        .behind = state->letter,
        .words = state->crossed + 1,
        .through = state->through,
        .imitated = state->imitated,
        .dictionary = len == state->depth &&
                      memcmp(letters, walk->path, len * sizeof(*letters)) == 0,
    };
    free(letters);
    walk->search->found(walk->search->context, &form);
}

/* A word of the term may end here. */
static void
end_word(struct walk *walk, struct state state)
{
    bool last = state.word + 1 == walk->search->words->count;
    bool ends = word_ends(walk, &state);
    if (last && !ends)
        ends = reference_number_follows(walk->search->text, state.letter,
                                        state.depth - state.crossed);
    if (!ends || state.gap)
        return;
    if (last) {
        tell(walk, &state);
        return;
    }
    state.word++;
    if (cross(walk, &state, is_marked(walk->search->spelling, state.word)))
        walk_word(walk, state);
}

static void
walk_endings(struct walk *walk, struct state state, uint32_t number)
{
    const struct endings *endings = walk->search->endings;
    const struct ending_state *at = &endings->states[number];
    if (at->kinds)
        end_word(walk, state);
    if (at->any_letter) {
        struct state rest = state;
        while (!word_ends(walk, &rest))
            rest.letter++;
        if (rest.letter > state.letter) {
            rest.depth = 0; /* no dictionary form */
            end_word(walk, rest);
        }
    }
    for (size_t i = 0; i < at->count; i++) {
        const struct letter_edge *edge = &endings->edges[at->first + i];
        struct state next = state;
        if (edge->letter == MORPHOLOGY_GLUE) {
            walk_endings(walk, next, edge->to);
            if (cross(walk, &next, false))
                walk_endings(walk, next, edge->to);
        } else if (edge->letter == ' ' ? cross(walk, &next, false)
                                       : take(walk, &next, edge->letter)) {
            walk_endings(walk, next, edge->to);
        }
    }
}

static void
walk_word(struct walk *walk, struct state state)
{
    const struct stem_word *word = &walk->search->words->words[state.word];
    for (size_t i = 0; i < word->count; i++) {
        const struct stem *stem = &word->stems[i];
        struct state next = state;
        bool fits = true;
        for (uint32_t j = 0; fits && j < stem->len; j++)
            fits = take(walk, &next, stem->letters[j]);
        if (fits)
            walk_endings(walk, next, stem->state);
    }
}

void
reference_forms(const struct reference_form_search *search, size_t word)
{
    struct walk walk = {.search = search};
    if (search->words->count)
        walk_word(&walk, (struct state){.letter = search->text->words[word]});
}
