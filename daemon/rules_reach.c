#include "rules_loader.h"

/* What terms of one role, or of one category and severity, have in common. */
struct group {
    size_t terms;
    size_t words; /* of the shortest way to write one of them */
    int mildest;  /* severity of those with a category; 0: none has one */
};

struct reach {
    struct group roles[RULES_ROLES_MAX];
    struct group (*categories)[RULES_SEVERITY_HIGHEST + 1];
};

static size_t
fewest_words(size_t fewest, const struct text_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        size_t words = rules_words_of(list->items[i]).words;
        fewest = words < fewest ? words : fewest;
    }
    return fewest;
}

static struct group
group_of(const struct term *term)
{
    size_t words = rules_words_of(term->text).words;
    words = fewest_words(words, &term->variants);
    words = fewest_words(words, &term->forms);
    if (term->stem.at && term->morphology <= GRAMMAR_PREFIX) {
        size_t of_stem = rules_words_of(term->stem).words;
        words = of_stem < words ? of_stem : words;
    }
    return (struct group){1, words, term->severity};
}

static void
join(struct group *group, const struct group *other)
{
    if (!other->terms)
        return;
    if (!group->terms || other->words < group->words)
        group->words = other->words;
    if (other->mildest && (!group->mildest || other->mildest < group->mildest))
        group->mildest = other->mildest;
    group->terms += other->terms;
}

static void
gather(struct reach *reach, const struct rules *rules)
{
    for (size_t i = 0; i < rules->term_count; i++) {
        const struct term *term = &rules->terms[i];
        struct group group = group_of(term);
        for (size_t j = 0; j < rules->role_count; j++)
            if (term->roles >> j & 1)
                join(&reach->roles[j], &group);
        if (term->category != RULES_NONE)
            join(&reach->categories[term->category][term->severity], &group);
    }
}

static struct group
group_taken(const struct reach *reach, const struct rules *rules,
            const struct selector *selector)
{
    struct group group = {0};
    for (size_t i = 0; i < rules->term_count; i++) {
        const struct term *term = &rules->terms[i];
        if (selector->kind != SELECT_ID)
            break;
        if (selector->id && term->id && strcmp(selector->id, term->id) == 0)
            return group_of(term);
    }
    for (size_t i = 0; i < rules->role_count; i++)
        if (selector->kind == SELECT_ROLE && (selector->mask >> i & 1))
            join(&group, &reach->roles[i]);
    for (size_t i = 0; i < rules->category_count; i++)
        for (int j = 0; j <= RULES_SEVERITY_HIGHEST; j++)
            if (selector->kind == SELECT_CATEGORY &&
                (selector->mask >> i & 1) &&
                (!selector->severities || (selector->severities >> j & 1)))
                join(&group, &reach->categories[i][j]);
    return group;
}

/* At least so many words stand between the first part and the last. */
static size_t
words_needed(const struct rule *rule, const size_t *words)
{
    size_t sum = 0, longest = 0, second = 0;
    for (size_t i = 0; i < rule->when_count; i++) {
        sum += words[i];
        if (words[i] > longest) {
            second = longest;
            longest = words[i];
        } else if (words[i] > second) {
            second = words[i];
        }
    }
    size_t outside = longest + second;
    if (rule->as_written && rule->when_count > 1)
        outside = words[0] + words[rule->when_count - 1];
    return sum - outside;
}

static void
check_raise(struct rules_loader *loader, const struct rule *rule,
            const struct group *parts)
{
    struct group all = {0};
    for (size_t i = 0; i < rule->when_count; i++)
        join(&all, &parts[i]);
    if (!all.mildest)
        diagnostics_warning(loader->diagnostics, rule->place,
                            "no part of this rule takes a term that has a "
                            "category: there is nothing to lift");
    else if (all.mildest >= rule->raise)
        diagnostics_warning(loader->diagnostics, rule->place,
                            "all that this rule takes is of severity %d "
                            "already: it lifts nothing to %d",
                            all.mildest, rule->raise);
}

static void
check_rule(struct rules_loader *loader, const struct reach *reach,
           const struct rule *rule)
{
    struct group parts[RULES_PARTS_MOST];
    size_t words[RULES_PARTS_MOST];
    bool filled = rule->when_count > 0;
    for (size_t i = 0; i < rule->when_count; i++) {
        const struct selector *part = &rule->when[i];
        parts[i] = group_taken(reach, loader->rules, part);
        words[i] = parts[i].terms ? parts[i].words : 1;
        filled = filled && parts[i].terms;
        if (!parts[i].terms && part->kind == SELECT_CATEGORY)
            diagnostics_warning(loader->diagnostics, part->place,
                                "no term has the category '%s'%s: the rule "
                                "never holds",
                                part->name,
                                part->severities ? " and such a severity" : "");
    }
    size_t needed = words_needed(rule, words);
    if (rule->within && needed > rule->within)
        diagnostics_error(loader->diagnostics, rule->within_place,
                          "at least %zu words stand between the first and the "
                          "last of these %zu parts, %u may: the rule would "
                          "never hold; write 'within: %zu' or more",
                          needed, rule->when_count, rule->within, needed);
    if (rule->raise && filled)
        check_raise(loader, rule, parts);
    for (size_t i = 0; i < rule->unless_count; i++) {
        const struct selector *selector = &rule->unless[i].selector;
        if (selector->kind == SELECT_CATEGORY &&
            !group_taken(reach, loader->rules, selector).terms)
            diagnostics_warning(loader->diagnostics, selector->place,
                                "no term has the category '%s'%s: this "
                                "'unless' never applies",
                                selector->name,
                                selector->severities ? " and such a severity"
                                                     : "");
    }
}

void
rules_check_reach(struct rules_loader *loader)
{
    struct rules *rules = loader->rules;
    if (rules->rule_count == 0)
        return;
    struct reach *reach = rules_alloc(loader, sizeof(*reach));
    if (reach)
        reach->categories = rules_alloc(loader, (rules->category_count + 1) *
                                                    sizeof(*reach->categories));
    if (!reach || !reach->categories)
        return;
    gather(reach, rules);
    for (size_t i = 0; i < rules->rule_count; i++)
        check_rule(loader, reach, &rules->rules[i]);
}
