#include "walk_found.h"

#include <stdlib.h>
#include <string.h>

#include "alphabet.h"
#include "matcher_model.h"
#include "utf8.h"

void
walk_done(struct walk *walk)
{
    free(walk->found);
    walk->found = NULL;
    walk->found_count = walk->found_capacity = 0;
}

void
walk_reset(struct walk *walk, struct span text, size_t steps)
{
    walk->text = text;
    walk->steps = steps;
    memset(walk->cached, 0, sizeof(walk->cached));
}

const struct lattice_place *
walk_place_make(struct walk *walk, uint32_t offset)
{
    unsigned slot = offset & (WALK_CACHE - 1);
    lattice_at(walk->text, offset, &walk->cache[slot]);
    walk->cached[slot] = offset + 1;
    return &walk->cache[slot];
}

/* Latin letters by their sound, in a word without a Cyrillic letter? */
static bool
is_by_sound(const struct walk *walk, const struct point *point)
{
    if (point->undone.disguises & (DISGUISE_TRANSLIT | DISGUISE_HOMOGLYPH))
        return point->undone.disguises & DISGUISE_TRANSLIT;
    for (size_t at = walk->from; at < point->end;) {
        bool valid;
        if (alphabet_script(utf8_next(walk->text, &at, &valid)) ==
            SCRIPT_CYRILLIC)
            return false;
    }
    return true;
}

/* Which of the two ways to take Latin letters was it? The one that the term
 * allows; of both the one that the rest of the word is taken by. */
static unsigned
resolved(const struct walk *walk, const struct point *point, unsigned allowed)
{
    unsigned sure = point->undone.disguises;
    if (!point->as_shape && !point->as_sound)
        return sure;
    unsigned sound = sure | point->as_sound, shape = sure | point->as_shape;
    if (!(sound & ~allowed) != !(shape & ~allowed))
        return sound & ~allowed ? shape : sound;
    return is_by_sound(walk, point) ? sound : shape;
}

static unsigned
count_bits(uint8_t bits)
{
    unsigned pairs = bits - (bits >> 1 & 0x55u);
    unsigned fours = (pairs & 0x33u) + (pairs >> 2 & 0x33u);
    return (fours + (fours >> 4)) & 0x0Fu;
}

unsigned
walk_cost(const struct undone *undone)
{
    return count_bits(undone->disguises) * 64 + undone->masked * 8u +
           undone->apart * 4u + undone->leet * 2u + undone->repeats +
           undone->rough + undone->unwritten;
}

/* Of two readings that undo the same the cheaper one is likelier, unless it
 * hides more letters. Of two that do not, either may be ordinary text. */
static bool
is_likelier(const struct undone *one, const struct undone *other)
{
    return walk_cost(one) < walk_cost(other) && one->masked <= other->masked &&
           (one->disguises == other->disguises || !one->disguises);
}

static bool
is_dictionary_form(const struct walk *walk, const struct point *point)
{
    const struct spelling *spelling = &walk->spellings->items[point->spelling];
    return spelling->dictionary_form && spelling->len == point->depth &&
           memcmp(walk->path, spelling->letters,
                  point->depth * sizeof(uint32_t)) == 0;
}

/* The letters of a disguised form, for what is asked about it. */
static void
keep_meant(const struct walk *walk, const struct point *point,
           struct found *found)
{
    if (!found->undone.disguises || point->depth > MEANT_MOST)
        return;
    for (size_t i = 0; i < point->depth; i++) {
        if (walk->path[i] <= ' ')
            return;
        found->meant[i] = (uint16_t)walk->path[i];
    }
    found->meant_len = (uint8_t)point->depth;
}

void
walk_add_found(struct walk *walk, const struct point *point, uint32_t to,
               enum found_outcome outcome, unsigned kinds)
{
    const struct spelling *items = walk->spellings->items;
    const struct term *term = items[point->spelling].term;
    /* What a term is not found in may still be innocent. */
    unsigned allowed = term->disguises;
    if (items[point->spelling].phrase)
        allowed |= DISGUISE_HOMOGLYPH | DISGUISE_INVISIBLE;
    struct found found = {
        .spelling = point->spelling,
        .to = to,
        .stem_end = point->stem_end,
        .outcome = outcome,
        .kinds = (uint16_t)kinds,
        .undone = point->undone,
        .dictionary_form = outcome == FOUND_WHOLE && to == point->end &&
                           is_dictionary_form(walk, point),
    };
    found.undone.disguises = (uint8_t)resolved(walk, point, allowed);
    if (outcome == FOUND_WHOLE && point->bad_gap)
        found.outcome = FOUND_GAP;
    found.refused = (found.undone.disguises & ~allowed) != 0;
    if (found.refused && !walk->loose)
        return;
    keep_meant(walk, point, &found);
    for (size_t i = 0; i < walk->found_count; i++) {
        struct found *one = &walk->found[i];
        if (items[one->spelling].term != term || one->to != to ||
            one->outcome != found.outcome || one->refused != found.refused)
            continue;
        if (is_likelier(&one->undone, &found.undone))
            return;
        if (is_likelier(&found.undone, &one->undone)) {
            *one = found;
            return;
        }
        if (walk_cost(&one->undone) != walk_cost(&found.undone) ||
            one->undone.disguises != found.undone.disguises)
            continue;
        one->kinds |= found.kinds;
        one->dictionary_form |= found.dictionary_form;
        return;
    }
    if (walk->found_count == walk->found_capacity) {
        size_t wanted = walk->found_capacity ? 2 * walk->found_capacity : 32;
        struct found *grown =
            realloc(walk->found, wanted * sizeof(*walk->found));
        walk->no_memory = walk->no_memory || !grown;
        if (!grown)
            return;
        walk->found = grown;
        walk->found_capacity = wanted;
    }
    walk->found[walk->found_count++] = found;
}

/* Has another way come to the same place as cheaply, and by the same disguises?
 * What follows would be the same: without this, ways multiply with each letter
 * that can be taken twice. */
bool
walk_came_before(struct walk *walk, const struct point *point)
{
    const struct undone *undone = &point->undone;
    if (!undone->disguises && !point->as_shape && !point->as_sound)
        return false; /* there is one way to read what is written */
    uint16_t cost = (uint16_t)walk_cost(undone);
    uint64_t key =
        ((uint64_t)point->node << 32 | point->offset) ^
        (uint64_t)point->spelling << 17 ^ (uint64_t)point->word << 47 ^
        (uint64_t)point->in_endings << 63 ^ (uint64_t)point->apart << 62 ^
        (uint64_t)(point->last != 0) << 61 ^ (uint64_t)undone->disguises << 53;
    size_t slot = key * 0x9E3779B97F4A7C15u >> (64 - WALK_SEEN_BITS);
    struct walk_seen *seen = &walk->seen[slot];
    if (seen->walk == walk->number && seen->key == key && seen->cost <= cost &&
        seen->masked <= undone->masked)
        return true;
    *seen = (struct walk_seen){key, walk->number, cost, undone->masked};
    return false;
}
