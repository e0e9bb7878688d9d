#include "ending_automaton.h"

#include <stdlib.h>
#include <string.h>

#include "ending_model.h"
#include "letter_set.h"

struct ending_net *
ending_net_new(void)
{
    return calloc(1, sizeof(struct ending_net));
}

void
ending_net_free(struct ending_net *net)
{
    if (!net)
        return;
    free(net->points);
    free(net->joins);
    free(net->entries);
    free(net);
}

void
ending_net_freep(struct ending_net **net)
{
    ending_net_free(*net);
}

/* Room for one more; false: no memory, and the net remembers it. */
static bool
grow(struct ending_net *net, void **items, size_t count, size_t *capacity,
     size_t item_bytes)
{
    if (count < *capacity)
        return true;
    size_t wanted = *capacity ? 2 * *capacity : 256;
    void *grown = count < UINT32_MAX / 2 && wanted < SIZE_MAX / item_bytes
                      ? realloc(*items, wanted * item_bytes)
                      : NULL;
    if (!grown) {
        net->failed = true;
        return false;
    }
    *items = grown;
    *capacity = wanted;
    return true;
}

bool
ending_net_too_large(const struct ending_net *net)
{
    return net->too_large;
}

uint32_t
ending_net_point(struct ending_net *net)
{
    void *points = net->points;
    net->too_large = net->too_large || net->point_count >= NET_POINTS_MOST ||
                     net->join_count >= NET_JOINS_MOST;
    if (net->too_large || !grow(net, &points, net->point_count,
                                &net->point_capacity, sizeof(*net->points)))
        return 0;
    net->points = points;
    net->points[net->point_count] = (struct net_point){.entry = NO_ENTRY};
    return (uint32_t)net->point_count++;
}

void
ending_net_join(struct ending_net *net, uint32_t from, uint32_t letter,
                uint32_t to)
{
    void *joins = net->joins;
    if (from == to && letter == 0)
        return;
    if (!grow(net, &joins, net->join_count, &net->join_capacity,
              sizeof(*net->joins)))
        return;
    net->joins = joins;
    net->joins[net->join_count++] = (struct net_join){from, letter, to};
}

uint32_t
ending_net_path(struct ending_net *net, uint32_t from, const uint32_t *letters,
                size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint32_t to = ending_net_point(net);
        ending_net_join(net, from, letters[i], to);
        from = to;
    }
    return from;
}

void
ending_net_end(struct ending_net *net, uint32_t point, unsigned kinds)
{
    if (point < net->point_count)
        net->points[point].kinds |= (uint16_t)kinds;
}

void
ending_net_any(struct ending_net *net, uint32_t point)
{
    if (point < net->point_count)
        net->points[point].any_letter = true;
}

uint32_t
ending_net_entry(struct ending_net *net, uint32_t point)
{
    void *entries = net->entries;
    if (point >= net->point_count)
        return 0;
    if (net->points[point].entry != NO_ENTRY)
        return net->points[point].entry;
    if (!grow(net, &entries, net->entry_count, &net->entry_capacity,
              sizeof(*net->entries)))
        return 0;
    net->entries = entries;
    net->entries[net->entry_count] = point;
    net->points[point].entry = (uint32_t)net->entry_count;
    return (uint32_t)net->entry_count++;
}

/* Numbers states by class, in the order of their first mention, so that the
 * result depends on nothing but the grammar. */
static bool
write_endings(const struct subsets *subsets, const uint32_t *classes,
              size_t class_count, struct arena *arena, struct endings *out)
{
    struct ending_state *states =
        arena_alloc(arena, (class_count + 1) * sizeof(*states));
    struct letter_edge *edges =
        arena_alloc(arena, (subsets->edge_count + 1) * sizeof(*edges));
    if (!states || !edges)
        return false;
    size_t written = 0, edge_count = 0;
    for (size_t i = 0; i < subsets->state_count; i++) {
        if (classes[i] != written)
            continue; /* its class has been written */
        struct ending_state state = subsets->states[i];
        state.first = (uint32_t)edge_count;
        state.letters = 0;
        for (size_t j = 0; j < state.count; j++) {
            struct letter_edge edge =
                subsets->edges[subsets->states[i].first + j];
            edge.to = classes[edge.to];
            state.letters |= letter_set_bit(edge.letter);
            edges[edge_count++] = edge;
        }
        states[written++] = state;
    }
    *out = (struct endings){states, edges, written, edge_count};
    return true;
}

bool
ending_net_make(struct ending_net *net, struct arena *arena,
                struct endings *out, uint32_t **states)
{
    CLEANUP(subsets_done) struct subsets subsets = {0};
    uint32_t *entries =
        arena_alloc(arena, (net->entry_count + 1) * sizeof(*entries));
    if (net->failed || net->too_large || !entries ||
        !subsets_make(&subsets, net, entries)) {
        net->too_large = net->too_large || subsets.too_large;
        return false;
    }
    uint32_t *classes = malloc((subsets.state_count + 1) * sizeof(*classes));
    size_t class_count = 0;
    bool done = classes && subsets_merge(&subsets, classes, &class_count) &&
                write_endings(&subsets, classes, class_count, arena, out);
    for (size_t i = 0; done && i < net->entry_count; i++)
        entries[i] = classes[entries[i]];
    free(classes);
    *states = entries;
    return done;
}
