#include "paradigm_model.h"

#include <string.h>

/* A set of endings that has become points of the net: its kinds, what follows
 * each of its endings, and what becomes of brackets. */
struct ending_set {
    const struct yaml_node *node;
    unsigned kinds;
    struct span tail;
    enum ending_brackets brackets;
    uint32_t point;
    bool open; /* its endings are being read */
};

/* One ending as it is written: letters+set(tail). */
struct ending_text {
    struct span letters, set, tail;
    struct place place;
};

static uint32_t set_point(struct paradigm_loader *loader,
                          struct ending_set wanted, struct place place);

static unsigned
read_kinds(struct paradigm_loader *loader, const struct yaml_node *key)
{
    static const struct {
        const char *name;
        unsigned kind;
    } names[] = {
        {"plain", KIND_PLAIN},   {"call", KIND_CALL}, {"wish", KIND_WISH},
        {"report", KIND_REPORT}, {"bare", KIND_BARE},
    };
    unsigned kinds = 0;
    struct span rest = key->text;
    while ((rest = span_trim(rest)).len) {
        size_t len = 0;
        while (len < rest.len && rest.at[len] != ' ')
            len++;
        unsigned kind = 0;
        for (size_t i = 0; i < COUNT_OF(names); i++)
            if (span_is((struct span){rest.at, len}, names[i].name))
                kind = names[i].kind;
        if (!kind)
            diagnostics_error(loader->grammar->diagnostics, key->place,
                              "'%.*s' is no kind of form: plain, call, wish, "
                              "report or bare",
                              (int)len, rest.at);
        kinds |= kind;
        rest = span_from(rest, len);
    }
    return kinds;
}

static struct span
cut_at(struct span text, char sign, struct span *rest)
{
    const char *at = text.len ? memchr(text.at, sign, text.len) : NULL;
    size_t len = at ? (size_t)(at - text.at) : text.len;
    *rest = at ? span_from(text, len + 1) : SPAN_NONE;
    return (struct span){text.at, len};
}

static bool
read_ending(struct paradigm_loader *loader, struct span text,
            struct place place, struct ending_text *out)
{
    *out = (struct ending_text){.place = place};
    out->letters = cut_at(text, '(', &out->tail);
    out->letters = cut_at(out->letters, '+', &out->set);
    bool closed = out->tail.len > 1 && out->tail.at[out->tail.len - 1] == ')';
    if (out->tail.at && !closed)
        diagnostics_error(loader->grammar->diagnostics, place,
                          "'%.*s': what may be there or not stands at the "
                          "end, in brackets, as in у(сь)",
                          SPAN_ARGS(text));
    if (out->tail.len)
        out->tail.len--;
    if (span_is(out->letters, "0"))
        out->letters.len = 0;
    return !out->tail.at || closed;
}

/* The node of a set, or NULL and an error. */
static const struct yaml_node *
find_set(struct paradigm_loader *loader, struct span name, struct place place)
{
    for (const struct yaml_node *set = loader->endings->first; set;
         set = set->next)
        if (span_equal(set->key->text, name))
            return set;
    diagnostics_error(loader->grammar->diagnostics, place,
                      "there is no set of endings '%.*s'", SPAN_ARGS(name));
    return NULL;
}

static uint32_t
letters_path(struct paradigm_loader *loader, uint32_t from, struct span text)
{
    struct span_of_letters letters = paradigm_letters(loader->grammar, text);
    return ending_net_path(loader->grammar->net, from, letters.letters,
                           letters.len);
}

static void
add_ending(struct paradigm_loader *loader, const struct ending_set *set,
           const struct ending_text *ending, struct span tail,
           enum ending_brackets brackets)
{
    struct ending_net *net = loader->grammar->net;
    uint32_t point = letters_path(loader, set->point, ending->letters);
    if (!ending->set.at) {
        ending_net_end(net, letters_path(loader, point, tail), set->kinds);
        return;
    }
    const struct yaml_node *node = find_set(loader, ending->set, ending->place);
    struct ending_set next = {
        .node = node, .kinds = set->kinds, .tail = tail, .brackets = brackets};
    if (node)
        ending_net_join(net, point, 0, set_point(loader, next, ending->place));
}

static void
add_endings(struct paradigm_loader *loader, const struct ending_set *set,
            const struct yaml_node *node)
{
    struct span rest = node->text;
    while ((rest = span_trim(rest)).len) {
        size_t len = 0;
        while (len < rest.len && rest.at[len] != ' ' && rest.at[len] != '\n')
            len++;
        struct ending_text ending;
        bool read = read_ending(loader, (struct span){rest.at, len},
                                node->place, &ending);
        rest = span_from(rest, len);
        if (!read)
            continue;
        if (ending.tail.at && set->tail.len)
            diagnostics_error(loader->grammar->diagnostics, node->place,
                              "brackets behind brackets: one of the two sets "
                              "has to do without");
        else if (ending.tail.at && set->brackets != BRACKETS_NEVER)
            add_ending(loader, set, &ending, ending.tail, BRACKETS_MAY);
        if (set->brackets != BRACKETS_MUST ||
            (ending.set.at && !ending.tail.at))
            add_ending(loader, set, &ending, set->tail, set->brackets);
    }
}

static void
fill_set(struct paradigm_loader *loader, struct ending_set set)
{
    const struct yaml_node *node = set.node;
    unsigned kinds = set.kinds;
    if (node->kind == YAML_NODE_SCALAR) {
        add_endings(loader, &set, node);
        return;
    }
    for (const struct yaml_node *part = node->first; part; part = part->next) {
        if (node->kind != YAML_NODE_MAP || part->kind != YAML_NODE_SCALAR) {
            diagnostics_error(loader->grammar->diagnostics, part->place,
                              "endings stand in one line, with blanks between "
                              "them: 0 а у ом");
            return;
        }
        unsigned own = read_kinds(loader, part->key);
        set.kinds = kinds == KIND_PLAIN ? own : kinds;
        add_endings(loader, &set, part);
    }
}

/* The point of a set, made when it is first asked for. What includes a set
 * decides the kinds of its forms, unless that is plain. */
static uint32_t
set_point(struct paradigm_loader *loader, struct ending_set wanted,
          struct place place)
{
    for (size_t i = 0; i < loader->set_count; i++) {
        const struct ending_set *set = &loader->sets[i];
        if (set->node == wanted.node && set->open) {
            diagnostics_error(loader->grammar->diagnostics, place,
                              "this set of endings leads back to itself");
            return set->point;
        }
        if (set->node == wanted.node && set->kinds == wanted.kinds &&
            set->brackets == wanted.brackets &&
            span_equal(set->tail, wanted.tail))
            return set->point;
    }
    wanted.point = ending_net_point(loader->grammar->net);
    wanted.open = true;
    struct ending_set *grown =
        grammar_grow(loader->grammar, loader->sets, loader->set_count,
                     &loader->set_capacity, sizeof(*grown));
    if (!grown)
        return wanted.point;
    loader->sets = grown;
    size_t number = loader->set_count++;
    grown[number] = wanted;
    fill_set(loader, wanted);
    loader->sets[number].open = false;
    return wanted.point;
}

/* Joins the sets that a text names to a point. */
static void
join_sets(struct paradigm_loader *loader, uint32_t point,
          const struct yaml_node *names, enum ending_brackets brackets)
{
    struct span rest = names->text;
    while ((rest = span_trim(rest)).len) {
        struct span name = cut_at(rest, ' ', &rest);
        if (span_is(name, "0")) {
            ending_net_end(loader->grammar->net, point,
                           brackets == BRACKETS_MUST ? 0 : KIND_PLAIN);
            continue;
        }
        struct ending_set set = {.node = find_set(loader, name, names->place),
                                 .kinds = KIND_PLAIN,
                                 .brackets = brackets};
        if (set.node)
            ending_net_join(loader->grammar->net, point, 0,
                            set_point(loader, set, names->place));
    }
}

void
paradigm_entries(struct paradigm_loader *loader, const struct yaml_node *names,
                 uint32_t entries[BRACKETS_WAYS])
{
    struct ending_net *net = loader->grammar->net;
    bool reflexive = loader->paradigm->reflexive.count > 0;
    for (unsigned way = BRACKETS_MAY; way < BRACKETS_WAYS; way++) {
        uint32_t point = ending_net_point(net);
        if (way != BRACKETS_MAY && !reflexive)
            break;
        join_sets(loader, point, names, (enum ending_brackets)way);
        entries[way] = ending_net_entry(net, point);
    }
}
