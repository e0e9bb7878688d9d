#include "rules_loader.h"

static void
refuse_shape(struct rules_loader *loader, const struct yaml_node *node,
             const char *expected)
{
    diagnostics_error(loader->diagnostics, node->place, "%s", expected);
}

static const char *
text_of(struct rules_loader *loader, const struct yaml_node *node)
{
    if (!node)
        return "";
    struct rules_field field = rules_field_of(loader, node);
    return field.count ? rules_copy(loader, field.values[0].text) : "";
}

static void
read_category(struct rules_loader *loader, const struct yaml_node *map)
{
    static const char *const keys[] = {"id", "name", "description", NULL};
    static const char *const languages[] = {"en", "ky", "ru", NULL};
    struct rules *rules = loader->rules;
    if (map->kind != YAML_NODE_MAP) {
        refuse_shape(loader, map,
                     "a category is written as id, name and "
                     "description");
        return;
    }
    for (const struct yaml_node *value = map->first; value; value = value->next)
        if (!yaml_get(map, "id") || (!span_is(value->key->text, "id") &&
                                     !span_is(value->key->text, "name") &&
                                     !span_is(value->key->text, "description")))
            rules_unknown_key(loader, value->key->text, value->key->place,
                              keys);
    const struct yaml_node *name = yaml_get(map, "name");
    for (const struct yaml_node *value =
             name && name->kind == YAML_NODE_MAP ? name->first : NULL;
         value; value = value->next)
        if (!span_is(value->key->text, "en") &&
            !span_is(value->key->text, "ky") &&
            !span_is(value->key->text, "ru"))
            rules_unknown_key(loader, value->key->text, value->key->place,
                              languages);
    struct category *grown =
        rules_grow(loader, rules->categories, rules->category_count,
                   &loader->category_capacity, sizeof(*rules->categories));
    if (!grown)
        return;
    rules->categories = grown;
    struct category *category = &grown[rules->category_count];
    *category = (struct category){
        .id = text_of(loader, yaml_get(map, "id")),
        .name_en = text_of(loader, yaml_get(name, "en")),
        .name_ky = text_of(loader, yaml_get(name, "ky")),
        .name_ru = text_of(loader, yaml_get(name, "ru")),
        .description = text_of(loader, yaml_get(map, "description")),
        .place = map->place,
    };
    if (!category->id[0])
        refuse_shape(loader, map, "this category has no id");
    else
        rules_note_id(loader, span_of(category->id), map->place);
    if (rules->category_count == RULES_ROLES_MAX)
        refuse_shape(loader, map, "more than 64 categories");
    else
        rules->category_count++;
}

static void
read_categories(struct rules_loader *loader, const struct yaml_node *root)
{
    static const char *const keys[] = {"karool", "categories", NULL};
    for (const struct yaml_node *value = root->first; value;
         value = value->next) {
        if (span_is(value->key->text, "karool"))
            continue;
        if (!span_is(value->key->text, "categories"))
            rules_unknown_key(loader, value->key->text, value->key->place,
                              keys);
        else if (value->kind != YAML_NODE_LIST)
            refuse_shape(loader, value, "'categories' is a list");
        else
            for (const struct yaml_node *item = value->first; item;
                 item = item->next)
                read_category(loader, item);
    }
}

static void
read_default(struct rules_loader *loader, const struct yaml_node *node)
{
    static const char *const keys[] = {"lang",      "review",   "source",
                                       "category",  "severity", "morphology",
                                       "disguises", NULL};
    struct rules_defaults *defaults = &loader->defaults;
    struct rules_field field = rules_field_of(loader, node);
    if (field.count == 0)
        return;
    const struct rules_value *value = &field.values[0];
    if (span_is(field.name, "lang"))
        defaults->lang = rules_copy(loader, value->text);
    else if (span_is(field.name, "review"))
        defaults->review = rules_copy(loader, value->text);
    else if (span_is(field.name, "source"))
        defaults->source = rules_copy(loader, value->text);
    else if (span_is(field.name, "category"))
        (void)!rules_category_of(loader, value, &defaults->category);
    else if (span_is(field.name, "severity"))
        (void)!rules_severity(loader, value, &defaults->severity);
    else if (span_is(field.name, "morphology"))
        (void)!rules_morphology(loader, value, &defaults->morphology);
    else if (span_is(field.name, "disguises"))
        defaults->disguises = rules_disguises(loader, &field);
    else
        rules_unknown_key(loader, field.name, field.place, keys);
}

/* A term's fields, those of `examples:` among them. */
static void
read_term(struct rules_loader *loader, const struct yaml_node *map)
{
    const struct yaml_node *examples = yaml_get(map, "examples");
    size_t most = map->count + (examples ? examples->count : 0);
    struct rules_field *fields =
        rules_alloc(loader, (most + 1) * sizeof(*fields));
    size_t count = 0;
    for (const struct yaml_node *value = map->first; fields && value;
         value = value->next)
        if (value != examples)
            fields[count++] = rules_field_of(loader, value);
    if (examples && examples->kind != YAML_NODE_MAP)
        refuse_shape(loader, examples,
                     "'examples' holds the lists flag, pass and clean");
    else
        for (const struct yaml_node *value = examples ? examples->first : NULL;
             fields && value; value = value->next)
            fields[count++] = rules_field_of(loader, value);
    if (fields)
        rules_term_read(loader, fields, count, map->place);
}

static void
read_list(struct rules_loader *loader, const struct yaml_node *list)
{
    bool terms = span_is(list->key->text, "terms");
    if (list->kind != YAML_NODE_LIST) {
        diagnostics_error(loader->diagnostics, list->place,
                          "'%.*s' is a list, each item after '- '",
                          SPAN_ARGS(list->key->text));
        return;
    }
    for (const struct yaml_node *item = list->first; item; item = item->next) {
        if (item->kind != YAML_NODE_MAP)
            refuse_shape(loader, item,
                         "an item here is written as keys with values, such "
                         "as 'id: …'");
        else if (terms)
            read_term(loader, item);
        else
            rules_rule_read(loader, item);
    }
}

static void
read_rules(struct rules_loader *loader, const struct yaml_node *root)
{
    static const char *const keys[] = {"karool", "version", "defaults", "terms",
                                       "rules",  "clean",   NULL};
    const struct yaml_node *defaults = yaml_get(root, "defaults");
    for (const struct yaml_node *value =
             defaults && defaults->kind == YAML_NODE_MAP ? defaults->first
                                                         : NULL;
         value; value = value->next)
        read_default(loader, value);
    for (const struct yaml_node *value = root->first; value;
         value = value->next) {
        struct span name = value->key->text;
        if (span_is(name, "karool") || span_is(name, "defaults"))
            continue;
        if (span_is(name, "version")) {
            loader->rules->version = text_of(loader, value);
        } else if (span_is(name, "clean")) {
            struct rules_field field = rules_field_of(loader, value);
            rules_add_examples(loader, &loader->rules->clean,
                               &loader->rules->clean_count, &field,
                               EXAMPLE_CLEAN);
        } else if (span_is(name, "terms") || span_is(name, "rules")) {
            read_list(loader, value);
        } else {
            rules_unknown_key(loader, name, value->key->place, keys);
        }
    }
}

void
rules_read_yaml(struct rules_loader *loader, const char *file, struct span text)
{
    loader->defaults = (struct rules_defaults){
        .lang = "",
        .review = "draft",
        .source = "",
        .category = RULES_NONE,
        .disguises = rules_disguises_all(),
    };
    size_t errors = diagnostics_errors(loader->diagnostics);
    struct yaml_node *root =
        yaml_parse(loader->arena, file, text, loader->diagnostics);
    if (!root || root->kind != YAML_NODE_MAP) {
        if (diagnostics_errors(loader->diagnostics) == errors)
            diagnostics_error(loader->diagnostics, (struct place){file, 1, 1},
                              "the file is empty or holds no keys: it begins "
                              "with 'karool: rules/1'");
        return;
    }
    const struct yaml_node *kind = yaml_get(root, "karool");
    if (kind && span_is(kind->text, "rules/1"))
        read_rules(loader, root);
    else if (kind && span_is(kind->text, "categories/1"))
        read_categories(loader, root);
    else
        diagnostics_error(loader->diagnostics, kind ? kind->place : root->place,
                          "its first line must be 'karool: rules/1' (or "
                          "categories/1)");
}
