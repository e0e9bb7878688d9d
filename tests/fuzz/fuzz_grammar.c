/*
 * Whatever a linguist makes of a grammar: it is refused with at least one
 * error, or becomes an automaton whose edges are sorted and lead somewhere, in
 * which every word has a stem to begin with, and that is the same the next
 * time.
 */
#include <stdint.h>
#include <stdlib.h>

#include "form_list.h"
#include "form_walk.h"
#include "morphology.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { GRAMMAR_MOST = 8192, STATES_MOST = 20000 };

static void
require(bool truth)
{
    if (!truth)
        abort();
}

static void
check_endings(const struct endings *endings)
{
    for (size_t i = 0; i < endings->state_count; i++) {
        const struct ending_state *state = &endings->states[i];
        require(state->first + state->count <= endings->edge_count);
        for (size_t j = 0; j < state->count; j++) {
            const struct letter_edge *edge = &endings->edges[state->first + j];
            require(edge->to < endings->state_count && edge->letter != 0);
            require(j == 0 || edge[-1].letter < edge->letter);
        }
    }
}

static void
check_word(const struct morphology *morphology, int grammar, const char *word,
           struct arena *arena)
{
    const struct endings *endings = morphology_endings(morphology);
    struct stem_words words;
    size_t len;
    const uint32_t *letters = form_letters(arena, span_of(word), &len);
    require(letters && morphology_stems(morphology, grammar, letters, len, NULL,
                                        0, arena, &words));
    require(words.count > 0);
    for (size_t i = 0; i < words.count; i++) {
        require(words.words[i].count > 0);
        for (size_t j = 0; j < words.words[i].count; j++)
            require(words.words[i].stems[j].state < endings->state_count);
    }
    (void)form_walk(endings, &words, letters, len);
    struct form_list list;
    if (endings->state_count < STATES_MOST)
        require(form_list_make(morphology, &words.words[words.count - 1],
                               SPAN_NONE, 3, arena, &list));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > GRAMMAR_MOST)
        return 0;
    struct span text = {(const char *)data, size};
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    require(arena && diagnostics);
    const struct morphology *morphology =
        morphology_load_text(arena, "x.yaml", text, diagnostics);
    require(!morphology == (diagnostics_errors(diagnostics) > 0));
    if (!morphology)
        return 0;
    check_endings(morphology_endings(morphology));
    for (int i = 0; morphology_name(morphology, i); i++) {
        check_word(morphology, i, "кызыл бөрү", arena);
        check_word(morphology, i, "токой", arena);
        check_word(morphology, i, "китеп", arena);
        check_word(morphology, i, "x-", arena);
    }
    const struct morphology *again =
        morphology_load_text(arena, "x.yaml", text, diagnostics);
    require(again && morphology_endings(again)->state_count ==
                         morphology_endings(morphology)->state_count);
    return 0;
}
