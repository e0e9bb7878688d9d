#include <stdlib.h>

#include "matcher_model.h"

static bool
selects(const struct selector *selector, const struct term *term)
{
    switch (selector->kind) {
    case SELECT_ROLE:
        return (selector->mask & term->roles) != 0;
    case SELECT_CATEGORY:
        return term->category != RULES_NONE &&
               (selector->mask >> term->category & 1) &&
               (!selector->severities ||
                (selector->severities >> term->severity & 1));
    case SELECT_ID:
        return strcmp(selector->id, term->id) == 0;
    }
    return false;
}

static bool
add_part(struct matcher *matcher, struct term_index *index, size_t *capacity,
         struct rule_part part)
{
    struct rule_part *parts =
        arena_grow(matcher->arena, index->parts, index->part_count, capacity,
                   sizeof(*parts));
    if (!parts)
        return false;
    index->parts = parts;
    parts[index->part_count++] = part;
    return true;
}

/* Which parts of which rules each term may fill: looked up once, so that a
 * thousand rules cost a text nothing but the words it has. */
bool
rule_index(struct matcher *matcher)
{
    const struct rules *rules = matcher->rules;
    for (size_t i = 0; i < rules->term_count; i++) {
        const struct term *term = &rules->terms[i];
        struct term_index *index = &matcher->index[i];
        size_t capacity = 0;
        for (size_t j = 0; j < rules->rule_count; j++) {
            const struct rule *rule = &rules->rules[j];
            for (size_t k = 0; k < rule->when_count; k++)
                if (selects(&rule->when[k], term) &&
                    !add_part(
                        matcher, index, &capacity,
                        (struct rule_part){(uint32_t)j, (uint8_t)k, false}))
                    return false;
            for (size_t k = 0; k < rule->unless_count; k++)
                if (selects(&rule->unless[k].selector, term) &&
                    !add_part(
                        matcher, index, &capacity,
                        (struct rule_part){(uint32_t)j, (uint8_t)k, true}))
                    return false;
        }
    }
    return true;
}

bool
selector_takes_kinds(const struct selector *selector, unsigned kinds)
{
    enum { LABELS = FORM_PLAIN | FORM_CALL | FORM_WISH | FORM_REPORT };
    unsigned positive = kinds & LABELS;
    unsigned negative = kinds >> KIND_NEGATIVE_SHIFT & LABELS;
    if (!positive && !negative)
        positive = FORM_PLAIN; /* a bare form with nothing beside it */
    unsigned wanted = selector->forms ? selector->forms & LABELS : LABELS;
    return (positive & wanted) ||
           ((selector->forms & FORM_NEGATIVE) && negative);
}
