#include "rule_window.h"

/* What a rule has found in one field of this text. */
struct slot {
    struct slot *next;
    const struct rule *rule;
    struct candidate_part *parts; /* hits that may fill a part, by place */
    size_t part_count, part_capacity;
    struct candidate_part *unless; /* hits that may soften, by place */
    size_t unless_count, unless_capacity;
    size_t unless_passed; /* too far before all windows to come */
    unsigned found;       /* bits of parts that have a hit */
};

struct slots {
    struct slot *first, *last;
    struct slot **by_rule; /* as many as the dictionary has rules */
};

static struct slot *
slot_of(struct scan *scan, struct slots *slots, uint32_t rule)
{
    struct slot *slot = slots->by_rule[rule];
    if (slot)
        return slot;
    slot = arena_alloc(scan->arena, sizeof(*slot));
    if (!slot) {
        scan->no_memory = true;
        return NULL;
    }
    slot->rule = &scan->matcher->rules->rules[rule];
    slots->by_rule[rule] = slot;
    if (slots->last)
        slots->last->next = slot;
    else
        slots->first = slot;
    slots->last = slot;
    return slot;
}

static void
slot_add(struct scan *scan, struct slot *slot, const struct rule_part *part,
         struct hit *hit)
{
    struct candidate_part item = {hit, part->part};
    struct candidate_part **items = part->unless ? &slot->unless : &slot->parts;
    size_t *count = part->unless ? &slot->unless_count : &slot->part_count;
    size_t *capacity =
        part->unless ? &slot->unless_capacity : &slot->part_capacity;
    struct candidate_part *grown =
        arena_grow(scan->arena, *items, *count, capacity, sizeof(item));
    if (!grown) {
        scan->no_memory = true;
        return;
    }
    *items = grown;
    grown[(*count)++] = item;
    if (!part->unless)
        slot->found |= 1u << part->part;
}

static uint32_t
words_between(const struct hit *a, const struct hit *b)
{
    if (a->word < b->word)
        return b->word > a->word_end ? b->word - a->word_end : 0;
    return a->word > b->word_end ? a->word - b->word_end : 0;
}

static bool
softens(const struct unless *unless, const struct hit *hit,
        const struct window *window, size_t part_count, const struct rule *rule)
{
    for (size_t i = 0; i < part_count; i++) {
        const struct hit *part = window->hits[i];
        if (hit == part ||
            (hit->word < part->word_end && part->word < hit->word_end))
            return false; /* a word that fills a part says something else */
    }
    for (size_t i = 0; i < part_count; i++) {
        const struct hit *part = window->hits[i];
        if (unless->part != RULES_NONE && unless->part != (int)i)
            continue;
        if (rule->same_sentence && hit->sentence != part->sentence)
            continue;
        bool side =
            unless->where == UNLESS_NEAR ||
            (unless->where == UNLESS_BEFORE ? hit->word_end <= part->word
                                            : hit->word >= part->word_end);
        if (side && words_between(hit, part) <= unless->within)
            return true;
    }
    return false;
}

static unsigned
widest_unless(const struct rule *rule)
{
    unsigned widest = 0;
    for (size_t i = 0; i < rule->unless_count; i++)
        if (rule->unless[i].within > widest)
            widest = rule->unless[i].within;
    return widest;
}

/* The strongest thing that softens: dropping goes before lowering. Windows come
 * in order, so that only what stands around them is looked at. */
static const struct unless *
softener(struct slot *slot, const struct window *window)
{
    const struct rule *rule = slot->rule;
    const struct unless *found = NULL;
    uint32_t first = UINT32_MAX, last = 0;
    for (size_t i = 0; i < rule->when_count; i++) {
        const struct hit *hit = window->hits[i];
        first = hit->word < first ? hit->word : first;
        last = hit->word_end > last ? hit->word_end : last;
    }
    unsigned widest = widest_unless(rule);
    while (slot->unless_passed < slot->unless_count &&
           slot->unless[slot->unless_passed].hit->word + TERM_WORDS_MOST +
                   widest <
               first)
        slot->unless_passed++;
    for (size_t i = slot->unless_passed; i < slot->unless_count; i++) {
        const struct hit *hit = slot->unless[i].hit;
        const struct unless *unless = &rule->unless[slot->unless[i].part];
        if (hit->word > last + widest)
            break;
        if ((!found || unless->effect == UNLESS_DROP) &&
            softens(unless, hit, window, rule->when_count, rule))
            found = unless;
    }
    return found;
}

static void
window_extent(struct scan *scan, const struct window *window, size_t part_count,
              struct match *match)
{
    const struct hit *first = window->hits[0], *last = first;
    for (size_t i = 0; i < part_count; i++) {
        const struct hit *hit = window->hits[i];
        first = hit->from < first->from ? hit : first;
        last = hit->to > last->to ? hit : last;
        match->through |= hit->through;
        if (hit->form > match->form)
            match->form = hit->form;
    }
    match->field = first->field;
    extent_of(scan, first->field, first->from, last->to, &match->extent);
}

static const char *
part_role(const struct selector *selector, const struct term *term,
          const struct rules *rules)
{
    if (selector->kind != SELECT_ROLE)
        return selector->name;
    uint64_t both = selector->mask & term->roles;
    for (size_t i = 0; i < rules->role_count; i++)
        if (both >> i & 1)
            return rules->roles[i];
    return selector->name;
}

/* The parts in the order of the text, as an analyst reads them. */
static void
add_parts(struct scan *scan, const struct slot *slot,
          const struct window *window, struct match *match)
{
    const struct rule *rule = slot->rule;
    match->parts =
        arena_alloc(scan->arena, rule->when_count * sizeof(*match->parts));
    if (!match->parts) {
        scan->no_memory = true;
        return;
    }
    for (size_t i = 0; i < rule->when_count; i++) {
        const struct hit *hit = window->hits[i];
        size_t at = match->part_count++;
        struct match_part part = {
            .term = hit->term,
            .role = part_role(&rule->when[i], hit->term, scan->matcher->rules),
            .form = hit->form,
            .through = hit->through,
        };
        extent_of(scan, hit->field, hit->from, hit->to, &part.extent);
        for (; at > 0 &&
               match->parts[at - 1].extent.bytes[0] > part.extent.bytes[0];
             at--)
            match->parts[at] = match->parts[at - 1];
        match->parts[at] = part;
    }
}

static void
add_match(struct scan *scan, const struct slot *slot,
          const struct window *window, const struct unless *unless)
{
    struct match *matches = scan_grow(scan, scan->matches, scan->match_count,
                                      &scan->match_capacity, sizeof(*matches));
    if (!matches)
        return;
    scan->matches = matches;
    struct match *match = &matches[scan->match_count];
    *match = (struct match){
        .rule = slot->rule,
        .category = slot->rule->category,
        .severity = slot->rule->severity,
        .softened_by = unless ? unless->selector.name : NULL,
    };
    if (unless && match->severity > 2)
        match->severity = 2;
    window_extent(scan, window, slot->rule->when_count, match);
    add_parts(scan, slot, window, match);
    scan->match_count++;
}

static void
raise_hits(const struct slot *slot, const struct window *window)
{
    for (size_t i = 0; i < slot->rule->when_count; i++) {
        struct hit *hit = window->hits[i];
        if (hit->term->category != RULES_NONE &&
            hit->severity < slot->rule->raise) {
            hit->severity = slot->rule->raise;
            hit->raised_by = slot->rule->id;
        }
    }
}

static void
show_rule(struct scan *scan, const struct slot *slot,
          const struct window *window, enum candidate_outcome outcome,
          const char *detail)
{
    if (!scan->show)
        return;
    struct candidate candidate = {
        .rule = slot->rule, .outcome = outcome, .detail = detail};
    struct window one = {.hits = {slot->parts[0].hit}};
    struct match shape = {0};
    if (window)
        window_extent(scan, window, slot->rule->when_count, &shape);
    else
        window_extent(scan, &one, 1, &shape);
    candidate.field = shape.field;
    candidate.extent = shape.extent;
    candidate.form = shape.form;
    candidate.through = shape.through;
    scan_show(scan, &candidate);
}

/* Names the parts that a text lacks, for people. */
static void
show_incomplete(struct scan *scan, const struct slot *slot)
{
    if (!scan->show || slot->part_count == 0)
        return;
    CLEANUP(buffer_done) struct buffer missing = {0};
    for (size_t i = 0; i < slot->rule->when_count; i++)
        if (!(slot->found >> i & 1))
            buffer_printf(&missing, "%s%s", missing.len ? ", " : "no ",
                          slot->rule->when[i].name);
    show_rule(scan, slot, NULL, CANDIDATE_INCOMPLETE,
              missing.len ? buffer_text(&missing) : "too far apart");
}

static void
match_slot(struct scan *scan, struct slot *slot)
{
    const struct rule *rule = slot->rule;
    unsigned all = (1u << rule->when_count) - 1;
    if (!lang_allows(&rule->only_lang, scan->input->lang))
        return;
    struct window window;
    struct window_finder finder = {0};
    bool held = false;
    if (slot->found == all)
        window_start(&finder, rule, slot->parts, slot->part_count, scan->arena);
    while (slot->found == all && !scan->no_memory &&
           window_next(&finder, &window)) {
        held = true;
        const struct unless *unless = softener(slot, &window);
        if (unless && (unless->effect == UNLESS_DROP || rule->raise)) {
            show_rule(scan, slot, &window, CANDIDATE_SOFTENED,
                      unless->selector.name);
            continue;
        }
        if (rule->raise)
            raise_hits(slot, &window);
        else
            add_match(scan, slot, &window, unless);
        show_rule(scan, slot, &window, CANDIDATE_COUNTED,
                  unless ? unless->selector.name : NULL);
    }
    scan->no_memory = scan->no_memory || finder.no_memory;
    if (!held)
        show_incomplete(scan, slot);
}

/* A part takes the forms that its rule names, else all that say yes. */
static bool
takes(const struct scan *scan, const struct rule_part *part,
      const struct hit *hit)
{
    const struct rule *rule = &scan->matcher->rules->rules[part->rule];
    const struct selector *selector = part->unless
                                          ? &rule->unless[part->part].selector
                                          : &rule->when[part->part];
    return selector_takes_kinds(selector, hit->kinds);
}

static void
match_hits(struct scan *scan, size_t first, size_t last, struct slot **by_rule)
{
    struct slots slots = {.by_rule = by_rule};
    for (size_t i = first; i < last; i++) {
        struct hit *hit = &scan->hits[i];
        const struct term_index *index =
            &scan->matcher->index[hit->term - scan->matcher->rules->terms];
        for (size_t j = 0; j < index->part_count; j++) {
            if (!takes(scan, &index->parts[j], hit))
                continue;
            struct slot *slot = slot_of(scan, &slots, index->parts[j].rule);
            if (!slot)
                return;
            slot_add(scan, slot, &index->parts[j], hit);
        }
    }
    for (struct slot *slot = slots.first; slot; slot = slot->next)
        match_slot(scan, slot);
}

void
rule_match(struct scan *scan)
{
    size_t rule_count = scan->matcher->rules->rule_count;
    if (rule_count == 0)
        return;
    size_t first = 0;
    while (first < scan->hit_count && !scan->no_memory) {
        size_t last = first;
        while (last < scan->hit_count &&
               scan->hits[last].field == scan->hits[first].field)
            last++;
        struct slot **by_rule =
            arena_alloc(scan->arena, rule_count * sizeof(struct slot *));
        if (by_rule)
            match_hits(scan, first, last, by_rule);
        else
            scan->no_memory = true;
        first = last;
    }
}
