#include "rules_loader.h"

static bool
lists_text(const struct text_list *list, struct span text)
{
    for (size_t i = 0; i < list->count; i++)
        if (span_equal(list->items[i], text))
            return true;
    return false;
}

/* Does an exception's phrase hold a spelling of the term at all? Letter case
 * and look-alikes are left to the matcher: only an obvious miss is warned of.
 */
static bool
holds_term(const struct term *term, struct span phrase)
{
    struct span stem = term->stem.at ? term->stem : term->text;
    /* Without the last letter, which grammar may change, and the first, whose
     * case may differ. */
    size_t skip = stem.len > 4 ? 2 : 0;
    size_t len = stem.len > 6 ? stem.len - skip - 2 : stem.len - skip;
    if (stem.len == 0 ||
        memmem(phrase.at, phrase.len, stem.at + skip, len) != NULL)
        return true;
    for (size_t i = 0; i < term->variants.count; i++) {
        struct span variant = term->variants.items[i];
        size_t cut = variant.len > 4 ? 2 : 0;
        if (memmem(phrase.at, phrase.len, variant.at + cut, variant.len - cut))
            return true;
    }
    return term->forms.count > 0;
}

static void
check_term(struct rules_loader *loader, const struct term *term)
{
    for (size_t i = 0; i < term->except.count; i++) {
        struct span phrase = term->except.items[i];
        if (!holds_term(term, phrase))
            diagnostics_warning(loader->diagnostics, term->place,
                                "the exception '%.*s' does not hold '%.*s': "
                                "it will never apply",
                                SPAN_ARGS(phrase), SPAN_ARGS(term->text));
    }
    if (lists_text(&term->variants, term->text))
        diagnostics_warning(loader->diagnostics, term->place,
                            "a variant is the same as the term");
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
}
