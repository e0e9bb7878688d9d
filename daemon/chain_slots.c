#include <string.h>

#include "chain_model.h"

/* The next word of a text, and what is left. */
static struct span
next_word(struct span *rest)
{
    *rest = span_trim(*rest);
    struct span word = {rest->at, 0};
    while (word.len < rest->len && !strchr(" \t\n", word.at[word.len]))
        word.len++;
    *rest = span_from(*rest, word.len);
    return word;
}

size_t
chain_slot_find(const struct chain *chain, struct span name)
{
    for (size_t i = 0; i < chain->slot_count; i++)
        if (span_equal(chain->slots[i].name, name))
            return i;
    return SIZE_MAX;
}

void
chain_no_slot(struct grammar_loader *loader, const struct chain *chain,
              struct span name, struct place place)
{
    const char **names =
        grammar_alloc(loader, (chain->slot_count + 1) * sizeof(*names));
    for (size_t i = 0; names && i < chain->slot_count; i++)
        names[i] = arena_copy(loader->arena, chain->slots[i].name);
    const char *near = names ? diagnostics_nearest(name, names) : NULL;
    diagnostics_error(loader->diagnostics, place,
                      "no slot is called '%.*s'%s%s%s", SPAN_ARGS(name),
                      near ? ": did you mean '" : "", near ? near : "",
                      near ? "'?" : "");
}

/* call, wish, negative …; false: it is a slot's name. */
static bool
read_label(struct span word, struct chain_label *label)
{
    static const struct {
        const char *name;
        uint8_t kind;
    } kinds[] = {{"plain", KIND_PLAIN},
                 {"call", KIND_CALL},
                 {"wish", KIND_WISH},
                 {"report", KIND_REPORT}};
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (span_is(word, kinds[i].name)) {
            label->kind = kinds[i].kind;
            return true;
        }
    if (span_is(word, "negative"))
        label->turns = true;
    else if (span_is(word, "positive"))
        label->positive = true;
    else
        return false;
    return true;
}

/* What stands behind the colon: slots and labels. */
static bool
read_targets(struct grammar_loader *loader, struct chain *chain,
             const struct yaml_node *node, struct chain_step *step)
{
    size_t errors = diagnostics_errors(loader->diagnostics);
    if (node->kind != YAML_NODE_SCALAR) {
        diagnostics_error(loader->diagnostics, node->place,
                          "behind a suffix stands the slot that follows it");
        return false;
    }
    struct span rest = node->text;
    step->slots = grammar_alloc(loader, (rest.len + 1) * sizeof(*step->slots));
    for (struct span word; step->slots && (word = next_word(&rest)).len;) {
        if (read_label(word, &step->label))
            continue;
        size_t slot = chain_slot_find(chain, word);
        if (slot == SIZE_MAX)
            chain_no_slot(loader, chain, word, node->place);
        else
            step->slots[step->slot_count++] = slot;
        if (slot != SIZE_MAX)
            chain->slots[slot].used = true;
    }
    if (!step->ends && step->slot_count == 0 &&
        diagnostics_errors(loader->diagnostics) == errors)
        diagnostics_error(loader->diagnostics, node->place,
                          "behind a suffix stands the slot that follows it");
    if (step->ends && step->slot_count)
        diagnostics_error(loader->diagnostics, node->place,
                          "where a word ends no slot follows");
    return diagnostics_errors(loader->diagnostics) == errors;
}

static void
add_step(struct grammar_loader *loader, struct chain_slot *slot,
         struct chain_step step)
{
    struct chain_step *grown = grammar_grow(
        loader, slot->steps, slot->step_count, &slot->capacity, sizeof(*grown));
    if (!grown)
        return;
    slot->steps = grown;
    grown[slot->step_count++] = step;
}

static void
read_step(struct grammar_loader *loader, struct chain *chain,
          struct chain_slot *slot, const struct yaml_node *node)
{
    struct chain_step step = {
        .place = node->key->place,
        .empty = span_is(node->key->text, "also"),
        .ends = span_is(node->key->text, "end"),
    };
    if (!read_targets(loader, chain, node, &step))
        return;
    if (step.empty || step.ends) {
        add_step(loader, slot, step);
        return;
    }
    struct span rest = node->key->text;
    for (struct span word; (word = next_word(&rest)).len;)
        if (suffix_read(loader, &chain->sounds, word, step.place,
                        &step.pattern))
            add_step(loader, slot, step);
}

void
chain_slots_read(struct grammar_loader *loader, const struct yaml_node *root,
                 struct chain *chain)
{
    const struct yaml_node *slots = yaml_get(root, "slots");
    if (!slots || slots->kind != YAML_NODE_MAP) {
        diagnostics_error(loader->diagnostics,
                          slots ? slots->place : root->place,
                          "a chain has a table 'slots'");
        return;
    }
    for (const struct yaml_node *node = slots->first; node; node = node->next) {
        struct chain_slot *grown =
            grammar_grow(loader, chain->slots, chain->slot_count,
                         &chain->slot_capacity, sizeof(*grown));
        if (!grown)
            return;
        chain->slots = grown;
        grown[chain->slot_count++] = (struct chain_slot){
            .name = node->key->text, .place = node->key->place};
        if (node->kind != YAML_NODE_MAP)
            diagnostics_error(loader->diagnostics, node->place,
                              "a slot lists its suffixes, each with what "
                              "follows it");
    }
    size_t i = 0;
    for (const struct yaml_node *node = slots->first; node;
         node = node->next, i++)
        for (const struct yaml_node *step =
                 node->kind == YAML_NODE_MAP ? node->first : NULL;
             step; step = step->next)
            read_step(loader, chain, &chain->slots[i], step);
}
