#include "dictionary_check.h"

#include "matcher_model.h"

struct dictionary_check {
    const struct matcher *matcher;
    struct scanner *scanner;
    struct arena *arena;
    struct diagnostics *diagnostics;
    struct error *err;
    /* What is screened, and for whom. */
    const struct term *term;
    struct span text;
    struct place place;
    bool applied;             /* an exception took a hit away, or might */
    bool written_same;        /* `text` is the dictionary form of its term */
    const struct term **told; /* of each term: whom it was last told beside */
};

static bool
screen(struct dictionary_check *check, const struct term *term,
       struct span text, struct place place)
{
    const struct matcher_input input = {.fields = {[FIELD_TEXT] = text}};
    struct match_list matches;
    check->term = term;
    check->text = text;
    check->place = place;
    return matcher_scan(check->matcher, check->scanner, &input, &matches,
                        check->err);
}

static struct place
place_of(const struct text_list *list, size_t i, const struct term *term)
{
    return list->places ? list->places[i] : term->place;
}

/* --- Exceptions --- */

/* What alone is likelier ordinary text may be none beside other words. */
static void
look_at_exception(void *context, const struct candidate *candidate)
{
    struct dictionary_check *check = context;
    check->applied =
        check->applied || (candidate->term == check->term &&
                           (candidate->outcome == CANDIDATE_EXCEPTED ||
                            candidate->outcome == CANDIDATE_IMPLAUSIBLE));
}

static bool
check_exceptions(struct dictionary_check *check)
{
    const struct rules *rules = matcher_rules(check->matcher);
    scanner_trace(check->scanner, look_at_exception, check);
    for (size_t i = 0; i < rules->term_count; i++) {
        const struct term *term = &rules->terms[i];
        for (size_t j = 0; j < term->except.count; j++) {
            check->applied = false;
            if (!screen(check, term, term->except.items[j],
                        place_of(&term->except, j, term)))
                return false;
            if (!check->applied)
                diagnostics_warning(
                    check->diagnostics, check->place,
                    "the exception '%.*s' never applies: no form of '%.*s' is "
                    "found in it; write the whole phrase in which the term is "
                    "innocent",
                    SPAN_ARGS(check->text), SPAN_ARGS(term->text));
        }
    }
    return true;
}

/* --- Terms that are forms of others --- */

/* A word that flags alone, and whose other forms are there for rules only, is
 * two terms on purpose; so is a word that two languages share and inflect. */
static bool
do_the_same(const struct term *one, const struct term *other)
{
    if (one->category != RULES_NONE && other->category != RULES_NONE)
        return true;
    return (one->roles & other->roles) && strcmp(one->lang, other->lang) == 0;
}

static void
look_at_spelling(void *context, const struct candidate *candidate)
{
    struct dictionary_check *check = context;
    const struct term *other = candidate->term;
    if (!other || other == check->term || candidate->form == MATCH_DISGUISED ||
        !do_the_same(check->term, other) ||
        (candidate->outcome != CANDIDATE_COUNTED &&
         candidate->outcome != CANDIDATE_HELPER) ||
        candidate->extent.bytes[0] > 0 ||
        candidate->extent.bytes[1] < check->text.len)
        return;
    /* Of two that are the same word, the later is told. */
    if (candidate->form == MATCH_EXACT && check->written_same &&
        other > check->term)
        return;
    const struct term **told =
        &check->told[other - matcher_rules(check->matcher)->terms];
    if (*told == check->term)
        return;
    *told = check->term;
    diagnostics_warning(
        check->diagnostics, check->place,
        "'%.*s' is %s '%.*s' (%s, %s:%u), too, and is found as both: keep one "
        "of them, or list the forms of one and write 'morphology: exact'",
        SPAN_ARGS(check->text),
        candidate->form == MATCH_EXACT ? "the term" : "a form of",
        SPAN_ARGS(other->text), other->id, other->place.file,
        other->place.line);
}

static bool
check_spellings(struct dictionary_check *check)
{
    const struct rules *rules = matcher_rules(check->matcher);
    check->told = arena_alloc(check->arena,
                              (rules->term_count + 1) * sizeof(*check->told));
    if (!check->told)
        return error_no_memory(check->err);
    scanner_trace(check->scanner, look_at_spelling, check);
    for (size_t i = 0; i < rules->term_count; i++) {
        const struct term *term = &rules->terms[i];
        const struct text_list *variants = &term->variants;
        check->written_same = true;
        if (!screen(check, term, term->text, term->text_place))
            return false;
        for (size_t j = 0; j < variants->count; j++)
            if (!screen(check, term, variants->items[j],
                        place_of(variants, j, term)))
                return false;
        const struct text_list *forms = &term->forms;
        check->written_same = false;
        for (size_t j = 0; j < forms->count; j++)
            if (!screen(check, term, forms->items[j], place_of(forms, j, term)))
                return false;
    }
    return true;
}

/* --- Forms that a part wants --- */

enum { SEEN = 1u << 31 };

/* The kinds of all words that end somewhere behind a state. Depth is bounded by
 * marking: each state is entered once. */
static unsigned
kinds_behind(const struct endings *endings, uint32_t from, uint32_t *stack,
             unsigned char *seen)
{
    unsigned kinds = 0;
    size_t count = 0;
    memset(seen, 0, endings->state_count);
    stack[count++] = from;
    seen[from] = 1;
    while (count) {
        const struct ending_state *state = &endings->states[stack[--count]];
        kinds |= state->kinds;
        for (size_t i = 0; i < state->count; i++) {
            uint32_t to = endings->edges[state->first + i].to;
            if (!seen[to])
                stack[count++] = to;
            seen[to] = 1;
        }
    }
    return kinds;
}

/* Of each term, the kinds that its forms may have. */
static uint32_t *
kinds_of_terms(struct dictionary_check *check)
{
    const struct matcher *matcher = check->matcher;
    const struct rules *rules = matcher->rules;
    const struct endings *endings = morphology_endings(rules->morphology);
    size_t states = endings->state_count;
    uint32_t *kinds =
        arena_alloc(check->arena, (rules->term_count + 1) * sizeof(*kinds));
    uint32_t *known = arena_alloc(check->arena, (states + 1) * sizeof(*known));
    uint32_t *stack = arena_alloc(check->arena, (states + 1) * sizeof(*stack));
    unsigned char *seen = arena_alloc(check->arena, states + 1);
    if (!kinds || !known || !stack || !seen)
        return NULL;
    for (size_t i = 0; i < matcher->terms.entry_count; i++) {
        const struct trie_output *output = &matcher->terms.entries[i].output;
        const struct spelling *spelling =
            &matcher->terms.items[output->spelling];
        if (!known[output->state])
            known[output->state] =
                SEEN | kinds_behind(endings, output->state, stack, seen);
        kinds[spelling->term - rules->terms] |= known[output->state] & ~SEEN;
    }
    return kinds;
}

/* Words around a form can make a wish of any, and a call of a bare one. */
static bool
may_take(const struct selector *selector, unsigned kinds)
{
    unsigned wanted = selector->forms & ~(unsigned)FORM_NEGATIVE;
    if (!wanted || (wanted & (FORM_PLAIN | FORM_WISH)))
        return true;
    if ((wanted & FORM_CALL) && (kinds & KIND_BARE))
        return true;
    return (kinds & (wanted | wanted << KIND_NEGATIVE_SHIFT)) != 0;
}

static void
check_part(struct dictionary_check *check, const struct selector *selector,
           size_t rule, size_t part, bool unless, const uint32_t *kinds)
{
    const struct matcher *matcher = check->matcher;
    size_t terms = 0;
    for (size_t i = 0; i < matcher->rules->term_count; i++) {
        const struct term_index *index = &matcher->index[i];
        for (size_t j = 0; j < index->part_count; j++) {
            const struct rule_part *at = &index->parts[j];
            if (at->rule != rule || at->part != part || at->unless != unless)
                continue;
            terms++;
            if (may_take(selector, kinds[i]))
                return;
        }
    }
    if (terms)
        diagnostics_warning(
            check->diagnostics, selector->place,
            "none of the terms of '%s' has such forms, so that this is never "
            "found: give them the grammar of a verb ('morphology: ky-verb', "
            "'ru-verb'), or leave 'forms' out",
            selector->name);
}

static bool
check_forms(struct dictionary_check *check)
{
    const struct rules *rules = matcher_rules(check->matcher);
    uint32_t *kinds = kinds_of_terms(check);
    if (!kinds)
        return error_no_memory(check->err);
    for (size_t i = 0; i < rules->rule_count; i++) {
        const struct rule *rule = &rules->rules[i];
        for (size_t j = 0; j < rule->when_count; j++)
            if (!may_take(&rule->when[j], 0))
                check_part(check, &rule->when[j], i, j, false, kinds);
        for (size_t j = 0; j < rule->unless_count; j++)
            if (!may_take(&rule->unless[j].selector, 0))
                check_part(check, &rule->unless[j].selector, i, j, true, kinds);
    }
    return true;
}

bool
dictionary_check(const struct matcher *matcher, struct diagnostics *diagnostics,
                 struct error *err)
{
    CLEANUP(scanner_freep) struct scanner *scanner = scanner_new(err);
    if (!scanner)
        return false;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    if (!arena)
        return error_no_memory(err);
    struct dictionary_check check = {.matcher = matcher,
                                     .scanner = scanner,
                                     .arena = arena,
                                     .diagnostics = diagnostics,
                                     .err = err};
    return check_exceptions(&check) && check_spellings(&check) &&
           check_forms(&check);
}
