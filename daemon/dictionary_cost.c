#include "dictionary_cost.h"

#include "matcher_model.h"

struct term_cost {
    uint32_t stems, words;
    uint64_t steps;
};

/* Of the words of one term: parts that they may fill, and what they soften. */
struct share {
    uint32_t parts, unless;
};

struct cost_check {
    const struct matcher *matcher;
    struct diagnostics *diagnostics;
    struct term_cost *terms;
    struct share *rules; /* the largest that a term has */
};

static void
count_stems(struct cost_check *check, const struct spellings *spellings)
{
    const struct term *first = check->matcher->rules->terms;
    for (size_t i = 0; i < spellings->entry_count; i++) {
        uint32_t spelling = spellings->entries[i].output.spelling;
        check->terms[spellings->items[spelling].term - first].stems++;
    }
    for (size_t i = 0; i < spellings->count; i++) {
        const struct spelling *spelling = &spellings->items[i];
        struct term_cost *cost = &check->terms[spelling->term - first];
        if (spelling->word_count > cost->words)
            cost->words = spelling->word_count;
    }
}

static uint64_t
steps_of(const struct rule *rule, const struct share *share)
{
    uint64_t sets = (uint64_t)1 << (rule->when_count - 1), around = 0;
    for (size_t i = 0; i < rule->unless_count; i++) {
        uint64_t reach = 2 * rule->unless[i].within + rule->within;
        around = reach > around ? reach : around;
    }
    return share->parts * sets + share->unless * around / rule->when_count;
}

/* The parts of a term's index are in the order of their rules. */
static void
count_steps(struct cost_check *check)
{
    const struct rules *rules = check->matcher->rules;
    for (size_t i = 0; i < rules->term_count; i++) {
        const struct term_index *index = &check->matcher->index[i];
        for (size_t j = 0, next; j < index->part_count; j = next) {
            uint32_t rule = index->parts[j].rule;
            struct share share = {0}, *most = &check->rules[rule];
            for (next = j;
                 next < index->part_count && index->parts[next].rule == rule;
                 next++) {
                share.parts += !index->parts[next].unless;
                share.unless += index->parts[next].unless;
            }
            most->parts = share.parts > most->parts ? share.parts : most->parts;
            most->unless =
                share.unless > most->unless ? share.unless : most->unless;
            check->terms[i].steps += steps_of(&rules->rules[rule], &share);
        }
    }
}

/* What an entry costs of one thing, and what can be done about it. */
struct cost {
    struct place place;
    const char *id;
    uint64_t units, high, most;
    const char *what;   /* "stems, the ways in which it can begin" */
    const char *advice; /* "divide it …" */
};

static void
tell(struct cost_check *check, const struct cost *cost)
{
    if (cost->units > cost->most)
        diagnostics_error(check->diagnostics, cost->place,
                          "%s costs %llu %s; %llu is the limit: %s", cost->id,
                          (unsigned long long)cost->units, cost->what,
                          (unsigned long long)cost->most, cost->advice);
    else if (cost->units > cost->high)
        diagnostics_warning(
            check->diagnostics, cost->place,
            "%s costs %llu %s; that is much, and above %llu it is refused: %s",
            cost->id, (unsigned long long)cost->units, cost->what,
            (unsigned long long)cost->most, cost->advice);
}

static void
tell_of_terms(struct cost_check *check)
{
    const struct rules *rules = check->matcher->rules;
    for (size_t i = 0; i < rules->term_count; i++) {
        const struct term *term = &rules->terms[i];
        const struct term_cost *cost = &check->terms[i];
        tell(check,
             &(struct cost){term->text_place, term->id, cost->stems,
                            COST_STEMS_HIGH, COST_STEMS_MOST,
                            "stems, the ways in which it can begin",
                            "make several terms of its variants, forms and "
                            "exceptions, or give it a grammar"});
        tell(check,
             &(struct cost){term->text_place, term->id, cost->words,
                            COST_WORDS_HIGH, COST_WORDS_MOST,
                            "words in one of its spellings or exceptions",
                            "a whole sentence is an example; of a term keep "
                            "the words that matter"});
        tell(check, &(struct cost){
                        term->text_place, term->id, cost->steps,
                        COST_TERM_STEPS_HIGH, COST_TERM_STEPS_MOST,
                        "steps in the rules that take it, wherever it stands",
                        "join rules whose parts differ in one role alone, by "
                        "a list of roles"});
    }
}

static void
tell_of_rules(struct cost_check *check)
{
    const struct rules *rules = check->matcher->rules;
    for (size_t i = 0; i < rules->rule_count; i++) {
        const struct rule *rule = &rules->rules[i];
        tell(check, &(struct cost){
                        rule->place, rule->id, steps_of(rule, &check->rules[i]),
                        COST_RULE_STEPS_HIGH, COST_RULE_STEPS_MOST,
                        "steps for each of its words",
                        "give it fewer parts of one role, fewer items of "
                        "'unless', or a smaller 'within'"});
    }
}

bool
dictionary_cost_check(const struct matcher *matcher,
                      struct diagnostics *diagnostics)
{
    const struct rules *rules = matcher->rules;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    if (!arena)
        return false;
    struct cost_check check = {
        .matcher = matcher,
        .diagnostics = diagnostics,
        .terms =
            arena_alloc(arena, (rules->term_count + 1) * sizeof(*check.terms)),
        .rules =
            arena_alloc(arena, (rules->rule_count + 1) * sizeof(*check.rules)),
    };
    if (!check.terms || !check.rules)
        return false;
    count_stems(&check, &matcher->terms);
    count_stems(&check, &matcher->phrases);
    count_steps(&check);
    tell_of_terms(&check);
    tell_of_rules(&check);
    return true;
}
