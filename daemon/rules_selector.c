#include "rules_loader.h"

struct rules_value
rules_value_of(struct rules_loader *loader, const struct yaml_node *node)
{
    struct rules_field field = rules_field_of(loader, node);
    if (field.count)
        return field.values[0];
    return (struct rules_value){span_of(""), node->place};
}

static void
read_forms(struct rules_loader *loader, const struct yaml_node *node,
           struct selector *selector)
{
    static const struct {
        const char *name;
        unsigned bit;
    } forms[] = {{"plain", FORM_PLAIN},
                 {"call", FORM_CALL},
                 {"wish", FORM_WISH},
                 {"report", FORM_REPORT},
                 {"negative", FORM_NEGATIVE}};
    struct rules_field field = rules_field_of(loader, node);
    for (size_t i = 0; i < field.count; i++) {
        unsigned bit = 0;
        for (size_t j = 0; j < COUNT_OF(forms); j++)
            if (span_is(field.values[i].text, forms[j].name))
                bit = forms[j].bit;
        selector->forms |= bit;
        if (!bit)
            diagnostics_error(loader->diagnostics, field.values[i].place,
                              "forms are call, wish, report, plain and "
                              "negative, not '%.*s'",
                              SPAN_ARGS(field.values[i].text));
    }
}

static void
read_selected(struct rules_loader *loader, const struct yaml_node *node,
              struct selector *selector)
{
    struct rules_field field = rules_field_of(loader, node);
    bool role = span_is(field.name, "role");
    selector->kind = role ? SELECT_ROLE : SELECT_CATEGORY;
    for (size_t i = 0; i < field.count; i++) {
        struct rules_value *value = &field.values[i];
        int category = RULES_NONE;
        unsigned bit = RULES_ROLES_MAX;
        if (role)
            bit = rules_role(loader, span_trim(value->text), value->place);
        else if (rules_category_of(loader, value, &category))
            bit = (unsigned)category;
        if (bit < RULES_ROLES_MAX)
            selector->mask |= (uint64_t)1 << bit;
    }
    if (field.count)
        selector->name = rules_copy(loader, span_trim(field.values[0].text));
}

static void
read_severities(struct rules_loader *loader, const struct yaml_node *node,
                struct selector *selector)
{
    struct rules_field field = rules_field_of(loader, node);
    for (size_t i = 0; i < field.count; i++) {
        int severity;
        if (rules_severity(loader, &field.values[i], &severity))
            selector->severities |= 1u << severity;
    }
}

bool
rules_selector_key(struct rules_loader *loader, const struct yaml_node *node,
                   struct selector *selector)
{
    struct span name = node->key->text;
    if (span_is(name, "role") || span_is(name, "category")) {
        read_selected(loader, node, selector);
    } else if (span_is(name, "id")) {
        selector->kind = SELECT_ID;
        selector->id = rules_copy(loader, rules_value_of(loader, node).text);
        selector->name = selector->id;
    } else if (span_is(name, "severity")) {
        read_severities(loader, node, selector);
    } else if (span_is(name, "forms")) {
        read_forms(loader, node, selector);
    } else {
        return false;
    }
    return true;
}

void
rules_selector_check(struct rules_loader *loader, const struct yaml_node *map,
                     const struct selector *selector)
{
    int chosen = 0;
    for (const struct yaml_node *value = map->first; value; value = value->next)
        chosen += span_is(value->key->text, "role") ||
                  span_is(value->key->text, "category") ||
                  span_is(value->key->text, "id");
    if (chosen != 1)
        diagnostics_error(loader->diagnostics, map->place,
                          "an item names what it takes by one of role, "
                          "category and id");
    if (selector->severities && selector->kind != SELECT_CATEGORY)
        diagnostics_error(loader->diagnostics, map->place,
                          "severity goes with category here");
}
