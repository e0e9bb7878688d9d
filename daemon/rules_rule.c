#include <stdio.h>

#include "rules_loader.h"

enum { WITHIN_MOST = 100 };

static const char *const rule_keys[] = {
    "id",    "category", "severity", "raise", "within",    "order",
    "when",  "unless",   "examples", "lang",  "only_lang", "same_sentence",
    "gloss", "source",   "review",   NULL};
static const char *const selector_keys[] = {"role", "category", "severity",
                                            "id",   "forms",    NULL};
static const char *const unless_keys[] = {
    "role",   "category", "severity", "id",   "forms",
    "before", "after",    "within",   "then", NULL};

static bool
read_number(struct rules_loader *loader, const struct yaml_node *node,
            unsigned most, unsigned *out)
{
    struct rules_value value = rules_value_of(loader, node);
    unsigned number = 0;
    bool digits = value.text.len > 0 && value.text.len < 7;
    for (size_t i = 0; digits && i < value.text.len; i++) {
        digits = value.text.at[i] >= '0' && value.text.at[i] <= '9';
        number = number * 10 + (unsigned)(value.text.at[i] - '0');
    }
    if (!digits || number < 1 || number > most) {
        diagnostics_error(loader->diagnostics, value.place,
                          "'%.*s' is a number of words from 1 to %u, not "
                          "'%.*s'",
                          SPAN_ARGS(node->key->text), most,
                          SPAN_ARGS(value.text));
        return false;
    }
    *out = number;
    return true;
}

static bool
read_bool(struct rules_loader *loader, const struct yaml_node *node)
{
    struct rules_value value = rules_value_of(loader, node);
    bool yes = span_is(value.text, "true") || span_is(value.text, "yes");
    if (!yes && !span_is(value.text, "false") && !span_is(value.text, "no"))
        diagnostics_error(loader->diagnostics, value.place,
                          "'%.*s' is true or false",
                          SPAN_ARGS(node->key->text));
    return yes;
}

static bool
is_map_item(struct rules_loader *loader, const struct yaml_node *item,
            const char *key)
{
    if (item->kind == YAML_NODE_MAP)
        return true;
    diagnostics_error(loader->diagnostics, item->place,
                      "an item of '%s' is written like {role: group-name}",
                      key);
    return false;
}

static void
read_when(struct rules_loader *loader, const struct yaml_node *list,
          struct rule *rule)
{
    rule->when = rules_alloc(loader, (list->count + 1) * sizeof(*rule->when));
    if (list->kind != YAML_NODE_LIST || list->count > RULES_PARTS_MOST) {
        diagnostics_error(loader->diagnostics, list->place,
                          "'when' is a list of 1 to %d parts",
                          RULES_PARTS_MOST);
        return;
    }
    for (const struct yaml_node *item = list->first; rule->when && item;
         item = item->next) {
        if (!is_map_item(loader, item, "when"))
            continue;
        struct selector *selector = &rule->when[rule->when_count++];
        *selector = (struct selector){.name = "", .place = item->place};
        for (const struct yaml_node *value = item->first; value;
             value = value->next)
            if (!rules_selector_key(loader, value, selector))
                rules_unknown_key(loader, value->key->text, value->key->place,
                                  selector_keys);
        rules_selector_check(loader, item, selector);
    }
}

static void
read_where(struct rules_loader *loader, const struct yaml_node *node,
           struct rule *rule, struct unless *unless)
{
    struct rules_value value = rules_value_of(loader, node);
    unless->where =
        span_is(node->key->text, "before") ? UNLESS_BEFORE : UNLESS_AFTER;
    for (size_t i = 0; i < rule->when_count; i++)
        if (span_is(value.text, rule->when[i].name))
            unless->part = (int)i;
    if (unless->part == RULES_NONE)
        diagnostics_error(loader->diagnostics, value.place,
                          "no part of this rule is called '%.*s': name a "
                          "role, category or id of its 'when'",
                          SPAN_ARGS(value.text));
}

static void
read_unless_key(struct rules_loader *loader, const struct yaml_node *node,
                struct rule *rule, struct unless *unless)
{
    struct span name = node->key->text;
    if (rules_selector_key(loader, node, &unless->selector))
        return;
    if (span_is(name, "before") || span_is(name, "after")) {
        if (unless->where != UNLESS_NEAR)
            diagnostics_error(loader->diagnostics, node->key->place,
                              "either 'before' or 'after', not both");
        read_where(loader, node, rule, unless);
    } else if (span_is(name, "within")) {
        (void)!read_number(loader, node, WITHIN_MOST, &unless->within);
    } else if (span_is(name, "then")) {
        struct rules_value value = rules_value_of(loader, node);
        unless->effect =
            span_is(value.text, "lower") ? UNLESS_LOWER : UNLESS_DROP;
        if (!span_is(value.text, "lower") && !span_is(value.text, "drop"))
            diagnostics_error(loader->diagnostics, value.place,
                              "'then' is drop or lower");
    } else {
        rules_unknown_key(loader, name, node->key->place, unless_keys);
    }
}

static void
read_unless(struct rules_loader *loader, const struct yaml_node *list,
            struct rule *rule)
{
    rule->unless =
        rules_alloc(loader, (list->count + 1) * sizeof(*rule->unless));
    if (list->kind != YAML_NODE_LIST)
        diagnostics_error(loader->diagnostics, list->place,
                          "'unless' is a list, each item on its own line "
                          "after '- '");
    for (const struct yaml_node *item = list->first; rule->unless && item;
         item = item->next) {
        if (!is_map_item(loader, item, "unless"))
            continue;
        struct unless *unless = &rule->unless[rule->unless_count++];
        /* A wrong "not" must not hide a call to kill (design, section 5). */
        *unless = (struct unless){
            .part = RULES_NONE,
            .within = rule->within,
            .effect = rule->severity >= 4 ? UNLESS_LOWER : UNLESS_DROP,
            .selector = {.name = "", .place = item->place},
        };
        for (const struct yaml_node *value = item->first; value;
             value = value->next)
            read_unless_key(loader, value, rule, unless);
        rules_selector_check(loader, item, &unless->selector);
    }
}

static void
read_examples(struct rules_loader *loader, const struct yaml_node *map,
              struct rule *rule)
{
    static const char *const kinds[] = {"flag", "pass", "clean", NULL};
    if (map->kind != YAML_NODE_MAP) {
        diagnostics_error(loader->diagnostics, map->place,
                          "'examples' holds the lists flag, pass and clean");
        return;
    }
    for (const struct yaml_node *value = map->first; value;
         value = value->next) {
        struct rules_field field = rules_field_of(loader, value);
        int kind = 0;
        while (kinds[kind] && !span_is(field.name, kinds[kind]))
            kind++;
        if (kinds[kind])
            rules_add_examples(loader, &rule->examples, &rule->example_count,
                               &field, (enum example_kind)kind);
        else
            rules_unknown_key(loader, field.name, field.place, kinds);
    }
}

static void
read_rule_text(struct rules_loader *loader, const struct yaml_node *node,
               struct rule *rule)
{
    struct span name = node->key->text;
    const char *text = rules_copy(loader, rules_value_of(loader, node).text);
    if (span_is(name, "lang"))
        rule->lang = text;
    else if (span_is(name, "gloss"))
        rule->gloss = text;
    else if (span_is(name, "source"))
        rule->source = text;
    else if (span_is(name, "review"))
        rule->review = text;
}

static void
read_rule_key(struct rules_loader *loader, const struct yaml_node *node,
              struct rule *rule)
{
    struct span name = node->key->text;
    struct rules_value value;
    if (span_is(name, "id")) {
        value = rules_value_of(loader, node);
        rule->id = rules_copy(loader, value.text);
        rules_note_id(loader, value.text, value.place);
    } else if (span_is(name, "category")) {
        value = rules_value_of(loader, node);
        (void)!rules_category_of(loader, &value, &rule->category);
    } else if (span_is(name, "severity")) {
        value = rules_value_of(loader, node);
        (void)!rules_severity(loader, &value, &rule->severity);
    } else if (span_is(name, "raise")) {
        value = rules_value_of(loader, node);
        (void)!rules_severity(loader, &value, &rule->raise);
    } else if (span_is(name, "within")) {
        rule->within_place = node->place;
        (void)!read_number(loader, node, WITHIN_MOST, &rule->within);
    } else if (span_is(name, "order")) {
        value = rules_value_of(loader, node);
        rule->as_written = span_is(value.text, "as_written");
        if (!rule->as_written && !span_is(value.text, "any"))
            diagnostics_error(loader->diagnostics, value.place,
                              "'order' is any or as_written");
    } else if (span_is(name, "same_sentence")) {
        rule->same_sentence = read_bool(loader, node);
    } else if (span_is(name, "only_lang")) {
        struct rules_field field = rules_field_of(loader, node);
        rule->only_lang = rules_texts(loader, &field);
    } else if (span_is(name, "examples")) {
        read_examples(loader, node, rule);
    } else if (!span_is(name, "when") && !span_is(name, "unless")) {
        read_rule_text(loader, node, rule);
        bool known = false;
        for (size_t i = 0; rule_keys[i]; i++)
            known = known || span_is(name, rule_keys[i]);
        if (!known)
            rules_unknown_key(loader, name, node->key->place, rule_keys);
    }
}

static void
check_rule(struct rules_loader *loader, const struct rule *rule)
{
    struct diagnostics *diagnostics = loader->diagnostics;
    if (!rule->id)
        diagnostics_error(diagnostics, rule->place, "this rule has no id");
    if (rule->when_count == 0)
        diagnostics_error(diagnostics, rule->place,
                          "this rule has no 'when': it would never hold");
    if (rule->raise && (rule->severity || rule->category != RULES_NONE))
        diagnostics_error(diagnostics, rule->place,
                          "a rule either makes a match (category, severity) "
                          "or lifts others (raise), not both");
    if (!rule->raise && (rule->category == RULES_NONE || !rule->severity))
        diagnostics_error(diagnostics, rule->place,
                          "this rule needs a category and a severity, or "
                          "'raise'");
    if (rule->within == 0 && rule->when_count > 1)
        diagnostics_error(diagnostics, rule->place,
                          "this rule has no 'within': say within how many "
                          "words its parts stand");
}

void
rules_rule_read(struct rules_loader *loader, const struct yaml_node *map)
{
    struct rules *rules = loader->rules;
    struct rule *grown =
        rules_grow(loader, rules->rules, rules->rule_count,
                   &loader->rule_capacity, sizeof(*rules->rules));
    if (!grown)
        return;
    rules->rules = grown;
    struct rule *rule = &grown[rules->rule_count++];
    *rule = (struct rule){
        .lang = loader->defaults.lang,
        .gloss = "",
        .source = loader->defaults.source,
        .review = loader->defaults.review,
        .category = RULES_NONE,
        .place = map->place,
    };
    for (const struct yaml_node *value = map->first; value; value = value->next)
        read_rule_key(loader, value, rule);
    /* `unless` names parts of `when`, wherever it stands in the file. */
    const struct yaml_node *when = yaml_get(map, "when");
    const struct yaml_node *unless = yaml_get(map, "unless");
    if (when)
        read_when(loader, when, rule);
    if (unless)
        read_unless(loader, unless, rule);
    check_rule(loader, rule);
}
