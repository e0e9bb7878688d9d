#include "rules_loader.h"
#include "utf8.h"

/* All of them are the default of a term that does not list its own. */
static const struct {
    const char *name;
    const char *phrase;
} disguises[DISGUISE_COUNT] = {
    {"homoglyph", "look-alike letters"},
    {"keyboard", "letters of another keyboard layout"},
    {"translit", "another script"},
    {"leet", "digits or signs for letters"},
    {"repeat", "stretched letters"},
    {"spacing", "letters set apart"},
    {"mask", "masked letters"},
    {"invisible", "invisible characters"},
};

const char *
disguise_name(unsigned bit)
{
    return bit < DISGUISE_COUNT ? disguises[bit].name : NULL;
}

const char *
disguise_phrase(unsigned bit)
{
    return bit < DISGUISE_COUNT ? disguises[bit].phrase : NULL;
}

unsigned
rules_disguises_all(void)
{
    return (1u << DISGUISE_COUNT) - 1;
}

bool
rules_severity(struct rules_loader *loader, const struct rules_value *value,
               int *severity)
{
    char digit = value->text.len == 1 ? value->text.at[0] : '\0';
    if (digit < '0' + RULES_SEVERITY_LOWEST ||
        digit > '0' + RULES_SEVERITY_HIGHEST) {
        diagnostics_error(loader->diagnostics, value->place,
                          "severity is a digit from 1 (watch) to 5 (call to "
                          "violence), not '%.*s'",
                          SPAN_ARGS(value->text));
        return false;
    }
    *severity = digit - '0';
    return true;
}

static void
refuse_grammar(struct rules_loader *loader, const struct rules_value *value,
               const struct morphology *grammars)
{
    size_t count = 0;
    while (morphology_name(grammars, (int)count))
        count++;
    const char **names = rules_alloc(loader, (count + 1) * sizeof(*names));
    for (size_t i = 0; names && i < count; i++)
        names[i] = morphology_name(grammars, (int)i);
    const char *near = names ? diagnostics_nearest(value->text, names) : NULL;
    diagnostics_error(loader->diagnostics, value->place,
                      "no morphology is called '%.*s'%s%s%s",
                      SPAN_ARGS(value->text), near ? ": did you mean '" : "",
                      near ? near : "", near ? "'?" : "");
}

bool
rules_morphology(struct rules_loader *loader, const struct rules_value *value,
                 int *grammar)
{
    *grammar = span_is(value->text, "prefix") ? GRAMMAR_PREFIX : GRAMMAR_EXACT;
    if (*grammar == GRAMMAR_PREFIX || span_is(value->text, "exact"))
        return true;
    const struct morphology *grammars = rules_grammars(loader);
    if (!grammars)
        return false; /* its file is complained of */
    int found = morphology_find(grammars, value->text);
    if (found < 0) {
        refuse_grammar(loader, value, grammars);
        return false;
    }
    *grammar = found;
    return true;
}

static unsigned
disguise_of(struct rules_loader *loader, const struct rules_value *value)
{
    const char *names[DISGUISE_COUNT + 1] = {NULL};
    for (unsigned i = 0; i < DISGUISE_COUNT; i++) {
        names[i] = disguises[i].name;
        if (span_is(value->text, disguises[i].name))
            return 1u << i;
    }
    if (span_is(value->text, "none"))
        return 0;
    const char *near = diagnostics_nearest(value->text, names);
    diagnostics_error(loader->diagnostics, value->place,
                      "no disguise is called '%.*s'%s%s%s",
                      SPAN_ARGS(value->text), near ? ": did you mean '" : "",
                      near ? near : "", near ? "'?" : "");
    return 0;
}

unsigned
rules_disguises(struct rules_loader *loader, const struct rules_field *field)
{
    unsigned mask = 0;
    for (size_t i = 0; i < field->count; i++)
        mask |= disguise_of(loader, &field->values[i]);
    return mask;
}

bool
rules_category_of(struct rules_loader *loader, const struct rules_value *value,
                  int *category)
{
    struct rules *rules = loader->rules;
    *category = rules_category(rules, value->text);
    if (*category != RULES_NONE)
        return true;
    const char *names[RULES_ROLES_MAX + 1] = {NULL};
    for (size_t i = 0; i < rules->category_count && i < RULES_ROLES_MAX; i++)
        names[i] = rules->categories[i].id;
    const char *near = diagnostics_nearest(value->text, names);
    if (near)
        diagnostics_error(loader->diagnostics, value->place,
                          "no category is called '%.*s': did you mean '%s'?",
                          SPAN_ARGS(value->text), near);
    else
        diagnostics_error(loader->diagnostics, value->place,
                          "no category is called '%.*s': add it to "
                          "categories.yaml, or use one that is there",
                          SPAN_ARGS(value->text));
    rules_check_alphabet(loader, value->text, value->place);
    return false;
}

struct text_list
rules_texts(struct rules_loader *loader, const struct rules_field *field)
{
    struct text_list list = {0};
    struct place *places =
        rules_alloc(loader, (field->count + 1) * sizeof(*places));
    list.items = rules_alloc(loader, (field->count + 1) * sizeof(struct span));
    list.places = places;
    for (size_t i = 0; list.items && places && i < field->count; i++) {
        struct span text = span_trim(field->values[i].text);
        places[i] = field->values[i].place;
        list.items[list.count++] =
            (struct span){rules_copy(loader, text), text.len};
    }
    return list;
}

static bool
is_letter_of(uint32_t code_point, bool cyrillic)
{
    if (cyrillic)
        return code_point >= 0x400 && code_point <= 0x52F;
    return (code_point | 0x20) >= 'a' && (code_point | 0x20) <= 'z' &&
           code_point < 0x80;
}

void
rules_check_alphabet(struct rules_loader *loader, struct span text,
                     struct place place)
{
    uint32_t latin = 0;
    bool cyrillic = false;
    for (size_t offset = 0; offset < text.len;) {
        bool valid;
        uint32_t code_point = utf8_next(text, &offset, &valid);
        if (code_point <= ' ' || code_point == '-') {
            latin = 0;
            cyrillic = false;
            continue;
        }
        if (is_letter_of(code_point, false))
            latin = code_point;
        cyrillic = cyrillic || is_letter_of(code_point, true);
        if (latin && cyrillic) {
            diagnostics_warning(loader->diagnostics, place,
                                "'%.*s' mixes alphabets: the '%c' in it is a "
                                "Latin letter; type the word again in one "
                                "alphabet",
                                SPAN_ARGS(text), (char)latin);
            return;
        }
    }
}

/* "Ооба, бул сүйлөм." unquoted in [ ] becomes two items. */
static void
check_split(struct rules_loader *loader, const struct yaml_node *list)
{
    for (const struct yaml_node *item = list->first; item && item->next;
         item = item->next) {
        const struct yaml_node *next = item->next;
        if (!list->flow || !item->plain || !next->plain || !item->text.len)
            continue;
        size_t offset = 0;
        bool valid;
        uint32_t first =
            next->text.len ? utf8_next(next->text, &offset, &valid) : 0;
        bool lower = (first >= 'a' && first <= 'z') ||
                     (first >= 0x430 && first <= 0x45F);
        bool ended = strchr(".!?", item->text.at[item->text.len - 1]) != NULL;
        if (lower && !ended && memchr(item->text.at, ' ', item->text.len))
            diagnostics_warning(loader->diagnostics, next->place,
                                "'%.*s' looks like the rest of the item "
                                "before it, split by a comma: if they are "
                                "one, put it in single quotes",
                                SPAN_ARGS(next->text));
    }
}

static void
check_cut(struct rules_loader *loader, const struct yaml_node *node)
{
    if (node->cut)
        diagnostics_warning(loader->diagnostics, node->place,
                            "what follows ' #' is a comment and is not read: "
                            "if it belongs to the value, put the value in "
                            "single quotes");
}

struct rules_field
rules_field_of(struct rules_loader *loader, const struct yaml_node *value)
{
    struct rules_field field = {0};
    if (value->key) {
        field.name = value->key->text;
        field.place = value->key->place;
    }
    bool list = value->kind == YAML_NODE_LIST;
    field.values = rules_alloc(loader, (list ? value->count + 1 : 1) *
                                           sizeof(*field.values));
    if (value->kind == YAML_NODE_MAP)
        diagnostics_error(loader->diagnostics, value->place,
                          "'%.*s' is a text or a list of texts: is a '{' or "
                          "a ': ' meant as text? Then put it in single quotes",
                          SPAN_ARGS(field.name));
    if (!field.values || value->kind == YAML_NODE_MAP)
        return field;

    for (const struct yaml_node *item = list ? value->first : value; item;
         item = list ? item->next : NULL) {
        check_cut(loader, item);
        if (item->kind != YAML_NODE_SCALAR) {
            diagnostics_error(loader->diagnostics, item->place,
                              "an item of '%.*s' is a text: is a '[', '{' or "
                              "': ' in it? Then put it in single quotes",
                              SPAN_ARGS(field.name));
            continue;
        }
        if (span_trim(item->text).len == 0)
            continue;
        field.values[field.count++] =
            (struct rules_value){item->text, item->place};
    }
    if (list)
        check_split(loader, value);
    return field;
}

void
rules_unknown_key(struct rules_loader *loader, struct span key,
                  struct place place, const char *const *known)
{
    const char *near = diagnostics_nearest(key, known);
    diagnostics_error(loader->diagnostics, place,
                      "the key '%.*s' is not known%s%s%s", SPAN_ARGS(key),
                      near ? ": did you mean '" : "", near ? near : "",
                      near ? "'?" : "");
    rules_check_alphabet(loader, key, place);
}

void
rules_add_examples(struct rules_loader *loader, struct example **examples,
                   size_t *count, const struct rules_field *field,
                   enum example_kind kind)
{
    struct example *grown =
        rules_alloc(loader, (*count + field->count + 1) * sizeof(*grown));
    if (!grown)
        return;
    if (*count)
        memcpy(grown, *examples, *count * sizeof(*grown));
    for (size_t i = 0; i < field->count; i++) {
        struct span text = field->values[i].text;
        grown[*count + i] = (struct example){
            .kind = kind,
            .text = {rules_copy(loader, text), text.len},
            .place = field->values[i].place,
        };
    }
    *examples = grown;
    *count += field->count;
}
