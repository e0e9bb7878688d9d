#include "reference_rules.h"

#include <stdlib.h>

#define PARTS_MOST 8

/* One hit a part, as numbers into reference.found. */
struct choice {
    size_t hits[PARTS_MOST];
};

struct search {
    const struct reference *reference;
    const struct rule *rule;
    size_t from_word; /* words before it are used up */
    struct choice now, best;
    bool found;
};

static bool
takes(const struct selector *selector, const struct reference_hit *hit)
{
    const struct term *term = hit->term;
    if (selector->kind == SELECT_ROLE)
        return (term->roles & selector->mask) != 0;
    if (selector->kind == SELECT_ID)
        return strcmp(term->id, selector->id) == 0;
    return term->category != RULES_NONE &&
           (selector->mask & ((uint64_t)1 << term->category)) &&
           (selector->severities == 0 ||
            (selector->severities & (1u << term->severity)));
}

static bool
share_a_word(const struct reference_hit *a, const struct reference_hit *b)
{
    return a->word < b->word_end && b->word < a->word_end;
}

static const struct reference_hit *
chosen(const struct search *search, const struct choice *choice, size_t part)
{
    return &search->reference->found[choice->hits[part]];
}

/* Are the parts chosen in the places that the rule asks for? */
static bool
holds(const struct search *search)
{
    const struct rule *rule = search->rule;
    const size_t *sentences = search->reference->text.sentences;
    const struct reference_hit *first = chosen(search, &search->now, 0);
    const struct reference_hit *last = first;
    for (size_t i = 0; i < rule->when_count; i++) {
        const struct reference_hit *hit = chosen(search, &search->now, i);
        for (size_t j = 0; j < i; j++) {
            const struct reference_hit *before =
                chosen(search, &search->now, j);
            if (share_a_word(hit, before) ||
                (rule->as_written && before->word > hit->word) ||
                (rule->same_sentence &&
                 sentences[hit->word] != sentences[before->word]))
                return false;
        }
        if (hit->word < first->word)
            first = hit;
        if (hit->word > last->word)
            last = hit;
    }
    return first == last || last->word - first->word_end <= rule->within;
}

/* Where a choice ends, and how near to that each part stands: hits by place,
 * of one hit the part that comes later in the rule. */
static size_t
rank(const struct choice *choice, size_t part)
{
    return choice->hits[part] * PARTS_MOST + part;
}

/* The one that ends first; of those the shortest; of those the one whose
 * parts stand nearest to its end. */
static bool
is_better(const struct search *search)
{
    size_t parts = search->rule->when_count;
    size_t end[2] = {0, 0}, start[2] = {SIZE_MAX, SIZE_MAX};
    const struct choice *choices[2] = {&search->now, &search->best};
    for (int c = 0; c < 2; c++)
        for (size_t i = 0; i < parts; i++) {
            size_t at = rank(choices[c], i);
            end[c] = at > end[c] ? at : end[c];
            start[c] = at < start[c] ? at : start[c];
        }
    if (end[0] != end[1])
        return end[0] < end[1];
    if (start[0] != start[1])
        return start[0] > start[1];
    for (size_t i = 0; i < parts; i++)
        if (rank(choices[0], i) != rank(choices[1], i))
            return rank(choices[0], i) > rank(choices[1], i);
    return false;
}

static void
try_part(struct search *search, size_t part)
{
    if (part == search->rule->when_count) {
        if (holds(search) && (!search->found || is_better(search))) {
            search->best = search->now;
            search->found = true;
        }
        return;
    }
    for (size_t i = 0; i < search->reference->count; i++) {
        const struct reference_hit *hit = &search->reference->found[i];
        if (hit->word < search->from_word ||
            !takes(&search->rule->when[part], hit))
            continue;
        search->now.hits[part] = i;
        try_part(search, part + 1);
    }
}

static bool
softens(const struct search *search, const struct unless *unless,
        const struct reference_hit *hit)
{
    bool near = false;
    for (size_t i = 0; i < search->rule->when_count; i++) {
        const struct reference_hit *part = chosen(search, &search->best, i);
        const size_t *sentences = search->reference->text.sentences;
        if (share_a_word(hit, part))
            return false;
        bool before = hit->word < part->word;
        size_t between =
            before ? part->word - hit->word_end : hit->word - part->word_end;
        bool named = unless->part == RULES_NONE || unless->part == (int)i;
        bool side = unless->where == UNLESS_NEAR ||
                    (unless->where == UNLESS_BEFORE) == before;
        bool sentence = !search->rule->same_sentence ||
                        sentences[hit->word] == sentences[part->word];
        near = near || (named && side && sentence && between <= unless->within);
    }
    return near;
}

/* What takes the match away, else what lowers it. */
static const struct unless *
softener(const struct search *search)
{
    const struct unless *lowers = NULL;
    for (size_t i = 0; i < search->reference->count; i++)
        for (size_t j = 0; j < search->rule->unless_count; j++) {
            const struct unless *unless = &search->rule->unless[j];
            const struct reference_hit *hit = &search->reference->found[i];
            if (!takes(&unless->selector, hit) || !softens(search, unless, hit))
                continue;
            if (unless->effect == UNLESS_DROP)
                return unless;
            if (!lowers)
                lowers = unless;
        }
    return lowers;
}

static struct extent
extent_of(const struct reference_text *text, size_t first, size_t end)
{
    const struct reference_character *a = &text->characters[first];
    const struct reference_character *b = &text->characters[end];
    return (struct extent){.code_points = {first, end},
                           .utf16 = {a->utf16, b->utf16},
                           .bytes = {a->byte, b->byte}};
}

static struct match *
new_match(struct reference *reference)
{
    struct reference_matches *matches = reference->matches;
    matches->items =
        realloc(matches->items, (matches->count + 1) * sizeof(*matches->items));
    if (!matches->items)
        abort();
    struct match *match = &matches->items[matches->count++];
    *match = (struct match){.field = reference->field};
    return match;
}

static const char *
role_name(const struct rules *rules, const struct selector *selector,
          const struct term *term)
{
    for (size_t i = 0; selector->kind == SELECT_ROLE && i < rules->role_count;
         i++)
        if ((selector->mask & term->roles) & ((uint64_t)1 << i))
            return rules->roles[i];
    return selector->name;
}

static int
compare_parts(const void *left, const void *right)
{
    const struct match_part *a = left, *b = right;
    return (a->extent.bytes[0] > b->extent.bytes[0]) -
           (a->extent.bytes[0] < b->extent.bytes[0]);
}

static void
add_rule_match(struct reference *reference, const struct search *search,
               const struct unless *unless)
{
    const struct rule *rule = search->rule;
    struct match *match = new_match(reference);
    size_t first = SIZE_MAX, end = 0;
    match->rule = rule;
    match->severity = unless && rule->severity > 2 ? 2 : rule->severity;
    match->softened_by = unless ? unless->selector.name : NULL;
    match->parts = calloc(rule->when_count, sizeof(*match->parts));
    if (!match->parts)
        abort();
    for (size_t i = 0; i < rule->when_count; i++) {
        const struct reference_hit *hit = chosen(search, &search->best, i);
        match->parts[match->part_count++] = (struct match_part){
            .term = hit->term,
            .role = role_name(reference->rules, &rule->when[i], hit->term),
            .extent = extent_of(&reference->text, hit->first, hit->end),
            .form = hit->form,
            .through = hit->through,
        };
        first = hit->first < first ? hit->first : first;
        end = hit->end > end ? hit->end : end;
        match->form = hit->form > match->form ? hit->form : match->form;
        match->through |= hit->through;
    }
    qsort(match->parts, match->part_count, sizeof(*match->parts),
          compare_parts);
    match->extent = extent_of(&reference->text, first, end);
}

static void
apply_rule(struct reference *reference, const struct rule *rule)
{
    struct search search = {.reference = reference, .rule = rule};
    if (!reference_lang_is_wanted(&rule->only_lang, reference->input->lang))
        return;
    for (;;) {
        search.found = false;
        try_part(&search, 0);
        if (!search.found)
            return;
        const struct unless *unless = softener(&search);
        bool dropped = unless && (unless->effect == UNLESS_DROP || rule->raise);
        for (size_t i = 0; i < rule->when_count; i++) {
            struct reference_hit *hit = &reference->found[search.best.hits[i]];
            if (hit->word_end > search.from_word)
                search.from_word = hit->word_end;
            if (!dropped && rule->raise > hit->severity)
                hit->severity = rule->raise;
        }
        if (!dropped && !rule->raise)
            add_rule_match(reference, &search, unless);
    }
}

void
reference_rules_apply(struct reference *reference)
{
    for (size_t i = 0; i < reference->rules->rule_count; i++)
        apply_rule(reference, &reference->rules->rules[i]);
    for (size_t i = 0; i < reference->count; i++) {
        const struct reference_hit *hit = &reference->found[i];
        if (hit->term->category == RULES_NONE)
            continue;
        struct match *match = new_match(reference);
        match->term = hit->term;
        match->severity = hit->severity;
        match->form = hit->form;
        match->through = hit->through;
        match->extent = extent_of(&reference->text, hit->first, hit->end);
    }
}
