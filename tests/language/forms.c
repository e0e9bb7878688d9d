#include "forms.h"

#include "form_list.h"
#include "form_walk.h"

uint32_t *
forms_letters(struct arena *arena, struct span text, size_t *len)
{
    return (uint32_t *)form_letters(arena, text, len);
}

unsigned
forms_kinds(const struct endings *endings, const struct stem_words *words,
            const uint32_t *letters, size_t len)
{
    return form_walk(endings, words, letters, len);
}

unsigned
forms_of(const struct morphology *morphology, const char *grammar,
         const char *lemma, const char *form)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct stem_words words;
    size_t lemma_len, form_len;
    int number = morphology_find(morphology, span_of(grammar));
    if (!arena || number < 0)
        return 0;
    uint32_t *letters = forms_letters(arena, span_of(lemma), &lemma_len);
    uint32_t *walked = forms_letters(arena, span_of(form), &form_len);
    if (!letters || !walked ||
        !morphology_stems(morphology, number, letters, lemma_len, NULL, 0,
                          arena, &words))
        return 0;
    return forms_kinds(morphology_endings(morphology), &words, walked,
                       form_len);
}
