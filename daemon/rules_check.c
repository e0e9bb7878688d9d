#include "rules_loader.h"

static bool
lists_text(const struct text_list *list, struct span text)
{
    for (size_t i = 0; i < list->count; i++)
        if (span_equal(list->items[i], text))
            return true;
    return false;
}

static void
check_term(struct rules_loader *loader, const struct term *term)
{
    if (lists_text(&term->variants, term->text))
        diagnostics_warning(loader->diagnostics, term->text_place,
                            "a variant is the same as the term: take it out");
}

static bool
id_exists(const struct rules *rules, const char *id, const struct term **term)
{
    for (size_t i = 0; i < rules->term_count; i++)
        if (rules->terms[i].id && strcmp(rules->terms[i].id, id) == 0) {
            *term = &rules->terms[i];
            return true;
        }
    return false;
}

static void
check_selector(struct rules_loader *loader, const struct selector *selector)
{
    struct rules *rules = loader->rules;
    const struct term *term = NULL;
    if (selector->kind == SELECT_ID && selector->id &&
        !id_exists(rules, selector->id, &term))
        diagnostics_error(loader->diagnostics, selector->place,
                          "no term has the id '%s'", selector->id);
    if (selector->kind != SELECT_ROLE)
        return;
    for (size_t i = 0; i < rules->role_count; i++) {
        if (!(selector->mask >> i & 1) ||
            map_has(loader->role_terms, span_of(rules->roles[i])))
            continue;
        const char *names[RULES_ROLES_MAX + 1] = {NULL};
        size_t count = 0;
        for (size_t j = 0; j < rules->role_count; j++)
            if (map_has(loader->role_terms, span_of(rules->roles[j])))
                names[count++] = rules->roles[j];
        const char *near = diagnostics_nearest(span_of(rules->roles[i]), names);
        diagnostics_error(loader->diagnostics, selector->place,
                          "no term has the role '%s'%s%s%s", rules->roles[i],
                          near ? ": did you mean '" : "", near ? near : "",
                          near ? "'?" : "");
    }
}

void
rules_check(struct rules_loader *loader)
{
    struct rules *rules = loader->rules;
    for (size_t i = 0; i < rules->term_count; i++)
        check_term(loader, &rules->terms[i]);
    for (size_t i = 0; i < rules->rule_count; i++) {
        const struct rule *rule = &rules->rules[i];
        for (size_t j = 0; j < rule->when_count; j++)
            check_selector(loader, &rule->when[j]);
        for (size_t j = 0; j < rule->unless_count; j++)
            check_selector(loader, &rule->unless[j].selector);
    }
    rules_check_reach(loader);
}
