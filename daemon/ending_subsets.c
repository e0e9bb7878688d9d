#include <stdlib.h>
#include <string.h>

#include "ending_model.h"

/* Of all sets together. */
enum { MEMBERS_MOST = 32 * NET_POINTS_MOST };

/* The points of a net by their number, with their joins in a row. */
struct walk {
    const struct ending_net *net;
    uint32_t *first; /* of a point into `joins`; one more at the end */
    struct net_join *joins;
    uint32_t *marks; /* of a point: the closure that reached it last */
    uint32_t mark;
    uint32_t *stack; /* a closure that is being made */
    size_t stack_len;
    /* Sets of points, sorted: of state i, members[starts[i]] on. */
    uint32_t *members;
    size_t member_count, member_capacity;
    size_t *starts;
    size_t start_capacity;
    uint32_t *table; /* hash of a set to its state + 1 */
    size_t table_size;
    struct net_join *targets; /* of one state, sorted */
    size_t target_count, target_capacity;
};

static void
walk_done(struct walk *walk)
{
    free(walk->first);
    free(walk->joins);
    free(walk->marks);
    free(walk->stack);
    free(walk->members);
    free(walk->starts);
    free(walk->table);
    free(walk->targets);
}

void
subsets_done(struct subsets *subsets)
{
    free(subsets->states);
    free(subsets->edges);
    *subsets = (struct subsets){0};
}

enum { ROOM_FIRST = 1024 };

static bool
make_room(void **items, size_t wanted, size_t *capacity, size_t item_bytes)
{
    if (wanted <= *capacity)
        return true;
    size_t next = *capacity ? 2 * *capacity : ROOM_FIRST;
    while (next < wanted)
        next *= 2;
    void *grown = realloc(*items, next * item_bytes);
    if (!grown)
        return false;
    *items = grown;
    *capacity = next;
    return true;
}

/* Joins in the order of the points that they leave. */
static bool
walk_init(struct walk *walk, const struct ending_net *net)
{
    walk->net = net;
    size_t points = net->point_count + 1;
    walk->first = calloc(points + 1, sizeof(*walk->first));
    walk->joins = calloc(net->join_count + 1, sizeof(*walk->joins));
    walk->marks = calloc(points, sizeof(*walk->marks));
    walk->stack = malloc(2 * points * sizeof(*walk->stack));
    walk->table_size = 1024;
    walk->table = calloc(walk->table_size, sizeof(*walk->table));
    walk->member_capacity = walk->start_capacity = ROOM_FIRST;
    walk->members = calloc(ROOM_FIRST, sizeof(*walk->members));
    walk->starts = calloc(ROOM_FIRST, sizeof(*walk->starts));
    if (!walk->first || !walk->joins || !walk->marks || !walk->stack ||
        !walk->table || !walk->members || !walk->starts)
        return false;
    for (size_t i = 0; i < net->join_count; i++)
        walk->first[net->joins[i].from + 1]++;
    for (size_t i = 0; i < net->point_count; i++)
        walk->first[i + 1] += walk->first[i];
    for (size_t i = net->join_count; i-- > 0;)
        walk->joins[--walk->first[net->joins[i].from + 1]] = net->joins[i];
    memmove(walk->first, walk->first + 1,
            net->point_count * sizeof(*walk->first));
    walk->first[net->point_count] = (uint32_t)net->join_count;
    return true;
}

/* Is a point more than a way to others? */
static bool
counts(const struct walk *walk, uint32_t point)
{
    if (walk->net->points[point].kinds || walk->net->points[point].any_letter)
        return true;
    for (uint32_t i = walk->first[point]; i < walk->first[point + 1]; i++)
        if (walk->joins[i].letter)
            return true;
    return false;
}

/* The points reached from the stack without reading, appended to members. */
static bool
close_set(struct walk *walk)
{
    while (walk->stack_len) {
        uint32_t point = walk->stack[--walk->stack_len];
        if (counts(walk, point)) {
            void *members = walk->members;
            if (!make_room(&members, walk->member_count + 1,
                           &walk->member_capacity, sizeof(*walk->members)))
                return false;
            walk->members = members;
            walk->members[walk->member_count++] = point;
        }
        for (uint32_t i = walk->first[point]; i < walk->first[point + 1]; i++) {
            uint32_t to = walk->joins[i].to;
            if (walk->joins[i].letter || walk->marks[to] == walk->mark)
                continue;
            walk->marks[to] = walk->mark;
            walk->stack[walk->stack_len++] = to;
        }
    }
    return true;
}

static int
by_number(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return left < right ? -1 : left > right;
}

static uint64_t
hash_of(const uint32_t *members, size_t count)
{
    uint64_t hash = 0xcbf29ce484222325;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ members[i]) * 0x100000001b3;
    return hash ^ hash >> 29;
}

static size_t
set_size(const struct walk *walk, const struct subsets *subsets, size_t state)
{
    size_t end = state + 1 < subsets->state_count ? walk->starts[state + 1]
                                                  : walk->member_count;
    return end - walk->starts[state];
}

/* Twice the room, when half of it is used. */
static bool
grow_table(struct walk *walk, const struct subsets *subsets)
{
    if (subsets->state_count * 2 < walk->table_size)
        return true;
    size_t size = walk->table_size * 4;
    uint32_t *table = calloc(size, sizeof(*table));
    if (!table)
        return false;
    for (size_t i = 0; i < subsets->state_count; i++) {
        size_t slot = hash_of(walk->members + walk->starts[i],
                              set_size(walk, subsets, i)) &
                      (size - 1);
        while (table[slot])
            slot = (slot + 1) & (size - 1);
        table[slot] = (uint32_t)i + 1;
    }
    free(walk->table);
    walk->table = table;
    walk->table_size = size;
    return true;
}

static struct ending_state
state_of(const struct walk *walk, const uint32_t *members, size_t count)
{
    struct ending_state state = {0};
    for (size_t i = 0; i < count; i++) {
        state.kinds |= walk->net->points[members[i]].kinds;
        state.any_letter =
            state.any_letter || walk->net->points[members[i]].any_letter;
    }
    return state;
}

/* The state of the set on the stack; a new one when there is none yet. */
static bool
find_state(struct walk *walk, struct subsets *subsets, uint32_t *state)
{
    size_t start = walk->member_count;
    if (!grow_table(walk, subsets) || !close_set(walk))
        return false;
    size_t count = walk->member_count - start;
    uint32_t *members = walk->members + start;
    if (count > 1)
        qsort(members, count, sizeof(*members), by_number);
    size_t slot = hash_of(members, count) & (walk->table_size - 1);
    for (; walk->table[slot]; slot = (slot + 1) & (walk->table_size - 1)) {
        *state = walk->table[slot] - 1;
        const uint32_t *others = walk->members + walk->starts[*state];
        size_t size = *state + 1 < subsets->state_count
                          ? walk->starts[*state + 1] - walk->starts[*state]
                          : start - walk->starts[*state];
        if (size != count ||
            (count && memcmp(others, members, count * sizeof(*members)) != 0))
            continue;
        walk->member_count = start;
        return true;
    }
    void *states = subsets->states, *starts = walk->starts;
    bool room = make_room(&states, subsets->state_count + 1,
                          &subsets->state_capacity, sizeof(*subsets->states));
    subsets->states = states;
    room = make_room(&starts, subsets->state_count + 1, &walk->start_capacity,
                     sizeof(*walk->starts)) &&
           room;
    walk->starts = starts;
    if (!room)
        return false;
    *state = (uint32_t)subsets->state_count++;
    subsets->states[*state] = state_of(walk, members, count);
    walk->starts[*state] = start;
    walk->table[slot] = *state + 1;
    return true;
}

static int
by_letter(const void *a, const void *b)
{
    const struct net_join *left = a, *right = b;
    if (left->letter != right->letter)
        return left->letter < right->letter ? -1 : 1;
    return left->to < right->to ? -1 : left->to > right->to;
}

/* What the members of a state read, in the order of letters. */
static bool
list_targets(struct walk *walk, const struct subsets *subsets, uint32_t state)
{
    size_t count = set_size(walk, subsets, state);
    walk->target_count = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t point = walk->members[walk->starts[state] + i];
        void *targets = walk->targets;
        if (!make_room(&targets,
                       walk->target_count + walk->first[point + 1] -
                           walk->first[point],
                       &walk->target_capacity, sizeof(*walk->targets)))
            return false;
        walk->targets = targets;
        for (uint32_t j = walk->first[point]; j < walk->first[point + 1]; j++)
            if (walk->joins[j].letter)
                walk->targets[walk->target_count++] = walk->joins[j];
    }
    if (walk->target_count > 1)
        qsort(walk->targets, walk->target_count, sizeof(*walk->targets),
              by_letter);
    return true;
}

static void
push(struct walk *walk, uint32_t point)
{
    if (walk->marks[point] == walk->mark)
        return;
    walk->marks[point] = walk->mark;
    walk->stack[walk->stack_len++] = point;
}

static bool
add_edges(struct walk *walk, struct subsets *subsets, uint32_t state)
{
    if (subsets->states[state].any_letter)
        return true; /* all letters lead back */
    if (!list_targets(walk, subsets, state))
        return false;
    subsets->states[state].first = (uint32_t)subsets->edge_count;
    for (size_t i = 0; i < walk->target_count;) {
        uint32_t letter = walk->targets[i].letter, to;
        walk->mark++;
        for (; i < walk->target_count && walk->targets[i].letter == letter; i++)
            push(walk, walk->targets[i].to);
        void *edges = subsets->edges;
        if (!find_state(walk, subsets, &to) ||
            !make_room(&edges, subsets->edge_count + 1, &subsets->edge_capacity,
                       sizeof(*subsets->edges)))
            return false;
        subsets->edges = edges;
        subsets->edges[subsets->edge_count++] =
            (struct letter_edge){letter, to};
        subsets->states[state].count++;
    }
    return true;
}

bool
subsets_make(struct subsets *subsets, const struct ending_net *net,
             uint32_t *states)
{
    CLEANUP(walk_done) struct walk walk = {0};
    if (!walk_init(&walk, net))
        return false;
    for (size_t i = 0; i < net->entry_count; i++) {
        walk.mark++;
        push(&walk, net->entries[i]);
        if (!find_state(&walk, subsets, &states[i]))
            return false;
    }
    for (uint32_t i = 0; i < subsets->state_count; i++) {
        subsets->too_large = subsets->state_count > NET_POINTS_MOST ||
                             walk.member_count > MEMBERS_MOST;
        if (subsets->too_large || !add_edges(&walk, subsets, i))
            return false;
    }
    return true;
}
