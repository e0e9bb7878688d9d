#include "form_walk.h"

#include <string.h>

/* A form as it is walked. */
struct walk {
    const struct endings *endings;
    const struct stem_words *words;
    const uint32_t *letters;
    size_t len;
};

static unsigned walk_word(const struct walk *walk, size_t word, size_t at);

/* A blank or a hyphen, if one stands there. */
static size_t
skip_gap(const struct walk *walk, size_t at)
{
    return at < walk->len &&
                   (walk->letters[at] == ' ' || walk->letters[at] == '-')
               ? at + 1
               : at;
}

static unsigned
walk_endings(const struct walk *walk, size_t word, uint32_t number, size_t at)
{
    const struct ending_state *state = &walk->endings->states[number];
    unsigned kinds = 0;
    if (state->kinds && at == walk->len && word + 1 == walk->words->count)
        kinds |= state->kinds;
    if (state->kinds && word + 1 < walk->words->count &&
        skip_gap(walk, at) > at) {
        unsigned rest = walk_word(walk, word + 1, skip_gap(walk, at));
        kinds |= rest ? kinds_join(state->kinds, rest) : 0;
    }
    if (state->any_letter && at < walk->len)
        kinds |= walk_endings(walk, word, number, at + 1);
    for (size_t i = 0; i < state->count; i++) {
        struct letter_edge edge = walk->endings->edges[state->first + i];
        if (edge.letter == MORPHOLOGY_GLUE)
            kinds |= walk_endings(walk, word, edge.to, skip_gap(walk, at));
        else if (at < walk->len && walk->letters[at] == edge.letter)
            kinds |= walk_endings(walk, word, edge.to, at + 1);
    }
    return kinds;
}

static unsigned
walk_word(const struct walk *walk, size_t word, size_t at)
{
    const struct stem_word *stems = &walk->words->words[word];
    unsigned kinds = 0;
    for (size_t i = 0; i < stems->count; i++) {
        const struct stem *stem = &stems->stems[i];
        if (walk->len - at >= stem->len &&
            memcmp(walk->letters + at, stem->letters,
                   stem->len * sizeof(*stem->letters)) == 0)
            kinds |= walk_endings(walk, word, stem->state, at + stem->len);
    }
    return kinds;
}

unsigned
form_walk(const struct endings *endings, const struct stem_words *words,
          const uint32_t *letters, size_t len)
{
    struct walk walk = {endings, words, letters, len};
    return words->count ? walk_word(&walk, 0, 0) : 0;
}
