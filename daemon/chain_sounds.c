#include <string.h>

#include "chain_model.h"
#include "utf8.h"

/* Letters as they are written, ё as itself: they are folded when they go into
 * the net. */
static size_t
read_letters(struct span text, uint32_t *out, size_t room)
{
    size_t len = 0;
    for (size_t offset = 0; offset < text.len && len < room;) {
        bool valid;
        uint32_t letter = utf8_next(text, &offset, &valid);
        if (letter != ' ')
            out[len++] = letter;
    }
    return len;
}

static void
read_row(struct grammar_loader *loader, const struct yaml_node *node,
         struct sound_row *row)
{
    uint32_t letters[64];
    row->len = read_letters(node->key->text, letters, COUNT_OF(letters));
    uint32_t *copy = grammar_alloc(loader, (row->len + 1) * sizeof(*copy));
    if (copy)
        memcpy(copy, letters, row->len * sizeof(*copy));
    row->letters = copy;
    if (!copy)
        row->len = 0;
    for (const struct yaml_node *value =
             node->kind == YAML_NODE_MAP ? node->first : NULL;
         value && row->capital_count < COUNT_OF(row->capitals);
         value = value->next) {
        uint32_t *capital = &row->capitals[row->capital_count];
        uint32_t *becomes = &row->becomes[row->capital_count];
        if (read_letters(value->key->text, capital, 1) == 1 &&
            value->kind == YAML_NODE_SCALAR &&
            read_letters(value->text, becomes, 1) == 1)
            row->capital_count++;
    }
    if (row->capital_count == 0)
        diagnostics_error(loader->diagnostics, node->place,
                          "write what each capital becomes after these "
                          "letters: {А: а, Ы: ы}");
}

static size_t
read_rows(struct grammar_loader *loader, const struct yaml_node *root,
          const char *key, struct sound_row *rows)
{
    const struct yaml_node *table = yaml_get(root, key);
    size_t count = 0;
    if (!table || table->kind != YAML_NODE_MAP) {
        diagnostics_error(loader->diagnostics,
                          table ? table->place : root->place,
                          "a chain has a table '%s'", key);
        return 0;
    }
    for (const struct yaml_node *node = table->first; node; node = node->next) {
        if (count == CHAIN_ROWS) {
            diagnostics_error(loader->diagnostics, node->key->place,
                              "more than %d rows in '%s'", CHAIN_ROWS, key);
            break;
        }
        read_row(loader, node, &rows[count++]);
    }
    return count;
}

static void
read_changes(struct grammar_loader *loader, const struct yaml_node *map,
             struct sound_changes *changes)
{
    if (!map)
        return;
    if (map->kind != YAML_NODE_MAP)
        diagnostics_error(loader->diagnostics, map->place,
                          "write letters and what they become: {к: г, п: б}");
    for (const struct yaml_node *node = map->kind == YAML_NODE_MAP ? map->first
                                                                   : NULL;
         node; node = node->next) {
        struct sound_change *grown =
            grammar_grow(loader, changes->items, changes->count,
                         &changes->capacity, sizeof(*grown));
        if (!grown)
            return;
        changes->items = grown;
        struct sound_change *change = &grown[changes->count];
        *change = (struct sound_change){0};
        change->from_len = read_letters(node->key->text, change->from, 2);
        if (node->kind == YAML_NODE_SCALAR)
            change->to_len = read_letters(node->text, change->to, 4);
        if (change->from_len && change->to_len)
            changes->count++;
        else
            diagnostics_error(loader->diagnostics, node->place,
                              "a letter becomes letters: к: г");
    }
}

static void
read_marks(struct grammar_loader *loader, const struct yaml_node *map,
           struct chain_sounds *sounds)
{
    for (const struct yaml_node *node =
             map && map->kind == YAML_NODE_MAP ? map->first : NULL;
         node; node = node->next) {
        if (sounds->mark_count == CHAIN_MARKS) {
            diagnostics_error(loader->diagnostics, node->key->place,
                              "more than %d marks", CHAIN_MARKS);
            return;
        }
        struct sound_changes *mark = &sounds->marks[sounds->mark_count];
        if (read_letters(node->key->text, &mark->sign, 1) != 1)
            continue;
        read_changes(loader, node, mark);
        sounds->mark_count++;
    }
}

void
chain_sounds_read(struct grammar_loader *loader, const struct yaml_node *root,
                  struct chain_sounds *sounds)
{
    sounds->vowel_rows = read_rows(loader, root, "vowels", sounds->vowels);
    sounds->consonant_rows =
        read_rows(loader, root, "consonants", sounds->consonants);
    read_changes(loader, yaml_get(root, "before-vowel"), &sounds->before_vowel);
    read_changes(loader, yaml_get(root, "spelling"), &sounds->spelling);
    read_changes(loader, yaml_get(root, "folded"), &sounds->folded);
    read_marks(loader, yaml_get(root, "marks"), sounds);
}

static int
row_of(const struct sound_row *rows, size_t count, uint32_t letter)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < rows[i].len; j++)
            if (rows[i].letters[j] == letter)
                return (int)i;
    return -1;
}

bool
sound_is_vowel(const struct chain_sounds *sounds, uint32_t letter)
{
    return row_of(sounds->vowels, sounds->vowel_rows, letter) >= 0;
}

static uint32_t
becomes(const struct sound_row *row, uint32_t capital)
{
    for (size_t i = 0; i < row->capital_count; i++)
        if (row->capitals[i] == capital)
            return row->becomes[i];
    return 0;
}

uint32_t
sound_of(const struct chain_sounds *sounds, uint32_t capital,
         unsigned vowel_row, uint32_t last)
{
    uint32_t letter = vowel_row < sounds->vowel_rows
                          ? becomes(&sounds->vowels[vowel_row], capital)
                          : 0;
    if (letter || sounds->consonant_rows == 0)
        return letter;
    int row = row_of(sounds->consonants, sounds->consonant_rows, last);
    /* A letter that no row holds counts as one of the last row. */
    return becomes(
        &sounds->consonants[row < 0 ? sounds->consonant_rows - 1 : (size_t)row],
        capital);
}

const struct sound_change *
sound_changed(const struct sound_changes *changes, uint32_t first,
              uint32_t second)
{
    for (size_t i = 0; i < changes->count; i++) {
        const struct sound_change *change = &changes->items[i];
        if (change->from[0] == first &&
            (second ? change->from_len == 2 && change->from[1] == second
                    : change->from_len == 1))
            return change;
    }
    return NULL;
}

/* Does some suffix ask whether this letter stands in a long word? */
static bool
length_matters(const struct chain_sounds *sounds, uint32_t letter)
{
    for (size_t i = 0; i < sounds->condition_count; i++) {
        const struct sound_condition *condition = &sounds->conditions[i];
        for (size_t j = 0; condition->long_only && j < condition->len; j++)
            if (condition->letters[j] == letter)
                return true;
    }
    return false;
}

static bool
in_condition(const struct sound_condition *condition, uint32_t letter)
{
    for (size_t i = 0; i < condition->len; i++)
        if (condition->letters[i] == letter)
            return true;
    return false;
}

static bool
changed_alike(const struct sound_changes *changes, uint32_t a, uint32_t b)
{
    return !sound_changed(changes, a, 0) && !sound_changed(changes, b, 0);
}

/* Can no table and no pattern tell the two apart? */
static bool
same_class(const struct chain_sounds *sounds, uint32_t a, uint32_t b)
{
    if (sound_is_vowel(sounds, a) || sound_is_vowel(sounds, b) ||
        row_of(sounds->consonants, sounds->consonant_rows, a) !=
            row_of(sounds->consonants, sounds->consonant_rows, b) ||
        !changed_alike(&sounds->before_vowel, a, b))
        return false;
    for (size_t i = 0; i < sounds->mark_count; i++)
        if (!changed_alike(&sounds->marks[i], a, b))
            return false;
    for (size_t i = 0; i < sounds->spelling.count; i++)
        if (sounds->spelling.items[i].from[0] == a ||
            sounds->spelling.items[i].from[0] == b)
            return false;
    for (size_t i = 0; i < sounds->condition_count; i++)
        if (in_condition(&sounds->conditions[i], a) !=
            in_condition(&sounds->conditions[i], b))
            return false;
    return true;
}

static void
classify(struct chain_sounds *sounds, uint32_t letter)
{
    if (sounds->alphabet_len == CHAIN_ALPHABET ||
        sounds->class_count == CHAIN_CLASSES)
        return;
    size_t class = 0;
    while (class < sounds->class_count &&
           !same_class(sounds, letter, sounds->class_letters[class]))
        class ++;
    if (class == sounds->class_count)
        sounds->class_letters[sounds->class_count++] = letter;
    sounds->alphabet[sounds->alphabet_len] = letter;
    sounds->classes[sounds->alphabet_len++] = (uint8_t) class;
}

void
chain_sounds_classify(struct chain_sounds *sounds)
{
    for (size_t i = 0; i < sounds->consonant_rows; i++)
        for (size_t j = 0; j < sounds->consonants[i].len; j++)
            classify(sounds, sounds->consonants[i].letters[j]);
    for (size_t i = 0; i < sounds->vowel_rows; i++)
        for (size_t j = 0; j < sounds->vowels[i].len; j++)
            if (row_of(sounds->consonants, sounds->consonant_rows,
                       sounds->vowels[i].letters[j]) < 0)
                classify(sounds, sounds->vowels[i].letters[j]);
    classify(sounds, ' ');
}

static uint8_t
class_of(const struct chain_sounds *sounds, uint32_t letter)
{
    for (size_t i = 0; i < sounds->alphabet_len; i++)
        if (sounds->alphabet[i] == letter)
            return sounds->classes[i];
    return (uint8_t)(sounds->class_count ? sounds->class_count - 1 : 0);
}

struct chain_context
chain_context_of(const struct chain_sounds *sounds,
                 const struct chain_context *before, const uint32_t *letters,
                 size_t len)
{
    struct chain_context context = before ? *before : (struct chain_context){0};
    unsigned vowels = before && before->several ? 2 : 0;
    bool vowel =
        before && sound_is_vowel(sounds, sounds->class_letters[before->last]);
    vowels += vowel;
    for (size_t i = 0; i < len; i++) {
        int row = row_of(sounds->vowels, sounds->vowel_rows, letters[i]);
        context.after_vowel = vowel;
        vowel = row >= 0;
        vowels += vowel;
        if (vowel)
            context.vowel = (uint8_t)row;
    }
    if (len == 0)
        return context;
    uint32_t last = letters[len - 1];
    context.last = class_of(sounds, last);
    context.after_vowel =
        context.after_vowel && sound_changed(&sounds->before_vowel, last, 0);
    context.several = vowels > 1 && length_matters(sounds, last);
    return context;
}
