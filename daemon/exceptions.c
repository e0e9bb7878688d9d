#include "matcher_model.h"

/* The word of the reading in which a byte stands. */
static size_t
word_at(const struct reading *reading, size_t byte)
{
    size_t low = 0, high = reading->word_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (reading->origins[reading->words[middle]] <= byte)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? low - 1 : 0;
}

/* The phrase of the term that begins at `from` and ends at or behind `to`. */
static const char *
phrase_at(struct scan *scan, struct walk *walk, const struct term *term,
          size_t from, size_t to)
{
    walk_from(walk, from);
    scan->no_memory = scan->no_memory || walk->no_memory;
    for (size_t i = 0; i < walk->found_count; i++) {
        const struct spelling *phrase =
            &walk->spellings->items[walk->found[i].spelling];
        if (phrase->term == term && walk->found[i].to >= to)
            return phrase->phrase;
    }
    return NULL;
}

const char *
excepted(struct scan *scan, enum match_field field, const struct found *found,
         size_t from)
{
    const struct matcher *matcher = scan->matcher;
    const struct spelling *spelling = &matcher->terms.items[found->spelling];
    if (!matcher->index[spelling->term - matcher->rules->terms].excepted)
        return NULL;
    const struct reading *reading = &scan->readings[field];
    struct walk *walk = &scan->phrase_walk;
    size_t word = word_at(reading, from);
    size_t first = word + 1 > matcher->phrases.word_count_most
                       ? word + 1 - matcher->phrases.word_count_most
                       : 0;
    const char *phrase = phrase_at(scan, walk, spelling->term, from, found->to);
    for (size_t i = first; !phrase && i <= word; i++) {
        size_t start = reading->origins[reading->words[i]];
        if (start < from)
            phrase = phrase_at(scan, walk, spelling->term, start, found->to);
    }
    return phrase;
}
