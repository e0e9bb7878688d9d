#include "paradigm_model.h"

#include <string.h>

static void
fault(struct paradigm_loader *loader, const struct yaml_node *node,
      const char *what)
{
    diagnostics_error(loader->grammar->diagnostics, node->place, "%s", what);
}

static bool
is_map(struct paradigm_loader *loader, const struct yaml_node *node)
{
    if (node && node->kind != YAML_NODE_MAP)
        fault(loader, node, "this key holds keys with values");
    return node && node->kind == YAML_NODE_MAP;
}

static bool
is_text(struct paradigm_loader *loader, const struct yaml_node *node)
{
    if (node && node->kind != YAML_NODE_SCALAR)
        fault(loader, node, "this key takes one text");
    return node && node->kind == YAML_NODE_SCALAR;
}

static void
check_keys(struct paradigm_loader *loader, const struct yaml_node *map,
           const char *const *known)
{
    for (const struct yaml_node *value = map->first; value;
         value = value->next) {
        bool found = false;
        for (size_t i = 0; known[i]; i++)
            found = found || span_is(value->key->text, known[i]);
        if (found)
            continue;
        const char *near = diagnostics_nearest(value->key->text, known);
        diagnostics_error(
            loader->grammar->diagnostics, value->key->place,
            "there is no key '%.*s' here%s%s%s", SPAN_ARGS(value->key->text),
            near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
    }
}

/* The class that a capital names; NULL and an error when it is none, or has
 * been said already. */
static struct letter_class *
new_class(struct paradigm_loader *loader, const struct yaml_node *value)
{
    struct span key = value->key->text;
    if (key.len != 1 || key.at[0] < 'A' || key.at[0] > 'Z') {
        fault(loader, value->key,
              "letters are gathered under one Latin capital, A to Z");
        return NULL;
    }
    struct letter_class *class = &loader->paradigm->classes[key.at[0] - 'A'];
    if (class->letters.len || class->change_count) {
        fault(loader, value->key, "this capital has its letters already");
        return NULL;
    }
    return class;
}

static void
read_letters(struct paradigm_loader *loader, const struct yaml_node *letters)
{
    for (const struct yaml_node *value =
             is_map(loader, letters) ? letters->first : NULL;
         value; value = value->next) {
        struct letter_class *class = new_class(loader, value);
        if (class && is_text(loader, value))
            class->letters = paradigm_letters(loader->grammar, value->text);
    }
}

/* Keeps the longest first, so that ст is found before т. */
static void
add_change(struct paradigm_loader *loader, struct letter_class *class,
           const struct yaml_node *value)
{
    struct letter_change *grown =
        grammar_grow(loader->grammar, class->changes, class->change_count,
                     &class->change_capacity, sizeof(*grown));
    if (!grown || !is_text(loader, value))
        return;
    struct letter_change change = {
        paradigm_letters(loader->grammar, value->key->text), {0}};
    paradigm_words(loader->grammar, value->text, &change.to);
    if (change.from.len == 0 || change.to.count == 0) {
        fault(loader, value, "letters turn into letters: д: ж");
        return;
    }
    class->changes = grown;
    size_t at = class->change_count++;
    for (; at && grown[at - 1].from.len < change.from.len; at--)
        grown[at] = grown[at - 1];
    grown[at] = change;
}

static void
read_changes(struct paradigm_loader *loader, const struct yaml_node *changes)
{
    for (const struct yaml_node *value =
             is_map(loader, changes) ? changes->first : NULL;
         value; value = value->next) {
        struct letter_class *class = new_class(loader, value);
        for (const struct yaml_node *change =
                 class && is_map(loader, value) ? value->first : NULL;
             change; change = change->next)
            add_change(loader, class, change);
    }
}

static size_t
count_of(struct span_of_letters signs, uint32_t sign)
{
    size_t count = 0;
    for (size_t i = 0; i < signs.len; i++)
        count += signs.letters[i] == sign;
    return count;
}

static void
add_pattern(struct paradigm_loader *loader, struct pattern_list *list,
            const struct yaml_node *node)
{
    struct pattern *grown =
        grammar_grow(loader->grammar, list->items, list->count, &list->capacity,
                     sizeof(*grown));
    if (!grown || !is_text(loader, node))
        return;
    if (node->text.len == 0) {
        fault(loader, node, "a form has letters, behind '-' for any before");
        return;
    }
    struct pattern pattern = pattern_read(loader->grammar, node->text);
    size_t capitals = 0;
    for (uint32_t sign = 'A'; sign <= 'Z'; sign++) {
        const struct letter_class *class =
            &loader->paradigm->classes[sign - 'A'];
        size_t count = count_of(pattern.signs, sign);
        capitals += count;
        if (count && !class->letters.len && !class->change_count)
            diagnostics_error(loader->grammar->diagnostics, node->place,
                              "no letters are gathered under '%c'", (char)sign);
    }
    if (capitals > PARADIGM_CAPTURE_MAX)
        fault(loader, node, "a form has at most 8 capitals");
    list->items = grown;
    grown[list->count++] = pattern;
}

static void
read_patterns(struct paradigm_loader *loader, const struct yaml_node *node,
              struct pattern_list *out)
{
    if (node->kind == YAML_NODE_SCALAR)
        add_pattern(loader, out, node);
    else if (node->kind == YAML_NODE_LIST && node->first)
        for (const struct yaml_node *item = node->first; item;
             item = item->next)
            add_pattern(loader, out, item);
    else
        fault(loader, node, "a form, or a list of forms");
}

/* Whether every form of a row gives the stem its capitals. */
static void
check_stem(struct paradigm_loader *loader, const struct paradigm_row *row,
           const struct yaml_node *key, struct span_of_letters signs)
{
    bool primed = false, given = true;
    for (size_t i = 0; i < signs.len; i++) {
        uint32_t sign = signs.letters[i];
        bool capital = sign >= 'A' && sign <= 'Z';
        primed =
            primed || (sign == '\'' &&
                       (i == 0 || signs.letters[i - 1] < 'A' ||
                        signs.letters[i - 1] > 'Z' ||
                        !loader->paradigm->classes[signs.letters[i - 1] - 'A']
                             .change_count));
        for (size_t j = 0; capital && j < row->forms.count; j++)
            given = given && count_of(row->forms.items[j].signs, sign) > 0;
    }
    if (primed)
        fault(loader, key,
              "' stands behind a capital that has changes, and turns its "
              "letters into others");
    if (!given)
        fault(loader, key,
              "a capital of this stem is missing in one of the forms");
}

static void
add_stem(struct paradigm_loader *loader, struct paradigm_row *row,
         const struct yaml_node *value)
{
    struct paradigm_stem *grown =
        grammar_grow(loader->grammar, row->stems, row->stem_count,
                     &row->stem_capacity, sizeof(*grown));
    if (!grown || !is_text(loader, value))
        return;
    struct span key = value->key->text;
    if (key.len > 1 && key.at[key.len - 1] == '-')
        key.len--;
    struct paradigm_stem stem = {.signs =
                                     paradigm_letters(loader->grammar, key)};
    check_stem(loader, row, value->key, stem.signs);
    paradigm_entries(loader, value, stem.entries);
    row->stems = grown;
    grown[row->stem_count++] = stem;
}

static void
read_row(struct paradigm_loader *loader, const struct yaml_node *node,
         struct paradigm_row *row)
{
    static const char *const known[] = {"form", "only", "except", "stems",
                                        NULL};
    const struct yaml_node *form = yaml_get(node, "form");
    const struct yaml_node *stems = yaml_get(node, "stems");
    const struct yaml_node *only = yaml_get(node, "only");
    const struct yaml_node *except = yaml_get(node, "except");
    check_keys(loader, node, known);
    if (!form || !stems) {
        fault(loader, node, "a paradigm has a form and its stems");
        return;
    }
    read_patterns(loader, form, &row->forms);
    if (is_text(loader, only))
        paradigm_words(loader->grammar, only->text, &row->only);
    if (is_text(loader, except))
        paradigm_words(loader->grammar, except->text, &row->except);
    for (const struct yaml_node *value = is_map(loader, stems) ? stems->first
                                                               : NULL;
         value; value = value->next)
        add_stem(loader, row, value);
}

static void
read_rows(struct paradigm_loader *loader, const struct yaml_node *list,
          struct paradigm_rows *out)
{
    if (list && list->kind != YAML_NODE_LIST)
        fault(loader, list, "a list of paradigms: - {form: …, stems: …}");
    for (const struct yaml_node *node =
             list && list->kind == YAML_NODE_LIST ? list->first : NULL;
         node; node = node->next) {
        struct paradigm_row *grown =
            grammar_grow(loader->grammar, out->items, out->count,
                         &out->capacity, sizeof(*grown));
        if (!grown)
            return;
        out->items = grown;
        if (!is_map(loader, node))
            continue;
        grown[out->count] = (struct paradigm_row){0};
        read_row(loader, node, &grown[out->count++]);
    }
}

static void
read_phrase(struct paradigm_loader *loader, const struct yaml_node *node)
{
    static const char *const known[] = {"head", "before", "behind",
                                        "by",   "fixed",  NULL};
    struct paradigm_phrase *phrase = &loader->paradigm->phrase;
    if (!is_map(loader, node))
        return;
    check_keys(loader, node, known);
    const struct yaml_node *before = yaml_get(node, "before");
    const struct yaml_node *behind = yaml_get(node, "behind");
    const struct yaml_node *head = yaml_get(node, "head");
    const struct yaml_node *by = yaml_get(node, "by");
    const struct yaml_node *fixed = yaml_get(node, "fixed");
    if (before)
        read_patterns(loader, before, &phrase->before);
    if (behind)
        read_patterns(loader, behind, &phrase->behind);
    if (head)
        read_patterns(loader, head, &phrase->head);
    if (is_text(loader, by)) {
        phrase->by = by->text;
        phrase->by_place = by->place;
    }
    if (is_text(loader, fixed))
        paradigm_words(loader->grammar, fixed->text, &phrase->fixed);
}

static void
read_lists(struct paradigm_loader *loader, const struct yaml_node *root)
{
    const struct yaml_node *prefixes = yaml_get(root, "prefixes");
    const struct yaml_node *reflexive = yaml_get(root, "reflexive");
    const struct yaml_node *without = yaml_get(root, "without-reflexive");
    const struct yaml_node *given = yaml_get(root, "given");
    if (is_text(loader, prefixes))
        paradigm_words(loader->grammar, prefixes->text,
                       &loader->paradigm->prefixes);
    if (is_text(loader, reflexive))
        paradigm_words(loader->grammar, reflexive->text,
                       &loader->paradigm->reflexive);
    if (is_text(loader, without))
        paradigm_words(loader->grammar, without->text,
                       &loader->paradigm->without_reflexive);
    loader->paradigm->takes_given = is_text(loader, given);
    if (loader->paradigm->takes_given)
        paradigm_entries(loader, given, loader->paradigm->given);
}

void
paradigm_read(struct grammar_loader *loader, const struct yaml_node *root)
{
    static const char *const known[] = {"karool",
                                        "id",
                                        "kind",
                                        "letters",
                                        "changes",
                                        "endings",
                                        "paradigms",
                                        "besides",
                                        "phrase",
                                        "prefixes",
                                        "given",
                                        "reflexive",
                                        "without-reflexive",
                                        "near",
                                        "examples",
                                        NULL};
    struct paradigm *paradigm = grammar_alloc(loader, sizeof(*paradigm));
    struct paradigm_loader reading = {
        .grammar = loader,
        .paradigm = paradigm,
        .endings = yaml_get(root, "endings"),
    };
    const struct yaml_node *near = yaml_get(root, "near");
    const struct yaml_node *rows = yaml_get(root, "paradigms");
    const struct yaml_node *id = yaml_get(root, "id");
    if (!paradigm)
        return;
    check_keys(&reading, root, known);
    if (!reading.endings || !is_map(&reading, reading.endings) || !rows) {
        fault(&reading, root,
              "a grammar of this kind has 'endings' and 'paradigms'");
        return;
    }
    read_letters(&reading, yaml_get(root, "letters"));
    read_changes(&reading, yaml_get(root, "changes"));
    read_lists(&reading, root);
    read_rows(&reading, rows, &paradigm->rows);
    read_rows(&reading, yaml_get(root, "besides"), &paradigm->besides);
    read_phrase(&reading, yaml_get(root, "phrase"));
    if (is_map(&reading, near))
        paradigm->near = near_words_read(loader, near);
    grammar_add(loader, id->text, &grammar_paradigm, paradigm, id->place);
}
