#include <stdio.h>

#include "rules_loader.h"
#include "sha256.h"

static void
add_text(struct sha256 *sha256, const char *text)
{
    sha256_add_field(sha256, span_of(text ? text : ""));
}

static void
add_number(struct sha256 *sha256, uint64_t number)
{
    char text[24];
    snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
    add_text(sha256, text);
}

static void
add_list(struct sha256 *sha256, const struct text_list *list)
{
    add_number(sha256, list->count);
    for (size_t i = 0; i < list->count; i++)
        sha256_add_field(sha256, list->items[i]);
}

/* By name: the numbers of roles and categories depend on the order of files. */
static void
add_names(struct sha256 *sha256, const struct rules *rules, uint64_t mask,
          bool roles)
{
    for (size_t i = 0; i < RULES_ROLES_MAX; i++)
        if (mask >> i & 1)
            add_text(sha256, roles ? rules->roles[i] : rules->categories[i].id);
    add_text(sha256, "");
}

static void
add_category(struct sha256 *sha256, const struct rules *rules, int category)
{
    add_text(sha256,
             category == RULES_NONE ? "" : rules->categories[category].id);
}

static void
add_term(struct sha256 *sha256, const struct rules *rules,
         const struct term *term)
{
    add_text(sha256, term->id);
    sha256_add_field(sha256, term->text);
    sha256_add_field(sha256, term->stem);
    add_category(sha256, rules, term->category);
    add_names(sha256, rules, term->roles, true);
    add_number(sha256, (uint64_t)term->severity);
    add_text(sha256, morphology_name(rules->morphology, term->morphology));
    if (term->morphology > GRAMMAR_PREFIX)
        add_text(sha256, morphology_digest(rules->morphology));
    add_number(sha256, term->disguises);
    add_list(sha256, &term->variants);
    add_list(sha256, &term->except);
    add_list(sha256, &term->forms);
    add_list(sha256, &term->only_lang);
}

static void
add_selector(struct sha256 *sha256, const struct rules *rules,
             const struct selector *selector)
{
    add_number(sha256, (uint64_t)selector->kind);
    add_names(sha256, rules, selector->mask, selector->kind == SELECT_ROLE);
    add_text(sha256, selector->id);
    add_number(sha256, selector->severities);
    add_number(sha256, selector->forms);
}

static void
add_rule(struct sha256 *sha256, const struct rules *rules,
         const struct rule *rule)
{
    add_text(sha256, rule->id);
    add_category(sha256, rules, rule->category);
    add_number(sha256, (uint64_t)rule->severity);
    add_number(sha256, (uint64_t)rule->raise);
    add_number(sha256, rule->within);
    add_number(sha256, rule->as_written);
    add_number(sha256, rule->same_sentence);
    add_list(sha256, &rule->only_lang);
    for (size_t i = 0; i < rule->when_count; i++)
        add_selector(sha256, rules, &rule->when[i]);
    for (size_t i = 0; i < rule->unless_count; i++) {
        const struct unless *unless = &rule->unless[i];
        add_selector(sha256, rules, &unless->selector);
        add_number(sha256, (uint64_t)unless->where);
        add_number(sha256, (uint64_t)(unless->part + 1));
        add_number(sha256, unless->within);
        add_number(sha256, (uint64_t)unless->effect);
    }
}

void
rules_make_digest(struct rules *rules)
{
    struct sha256 sha256;
    sha256_init(&sha256);
    add_number(&sha256, MATCHER_REVISION);
    add_number(&sha256, rules->term_count);
    for (size_t i = 0; i < rules->term_count; i++)
        add_term(&sha256, rules, &rules->terms[i]);
    add_number(&sha256, rules->rule_count);
    for (size_t i = 0; i < rules->rule_count; i++)
        add_rule(&sha256, rules, &rules->rules[i]);
    char hex[SHA256_HEX_SIZE];
    sha256_hex(&sha256, hex);
    snprintf(rules->digest, sizeof(rules->digest), "sha256:%s", hex);
}
