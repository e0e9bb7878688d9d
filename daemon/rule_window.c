#include "rule_window.h"

/*
 * Sets of parts are masks, one bit a part. A sweep over the hits in the order
 * in which they begin keeps, for each set, the latest end of a first hit from
 * which the set can be filled with hits that do not overlap: that is all it
 * takes to know whether a window ends here. Only when one does, it is looked
 * at which hits fill it.
 */

enum {
    SPAN = 256, /* words of a hit that count, and one */
    SETS_MOST = 1 << RULES_PARTS_MOST,
    SET_WORDS = SETS_MOST / 64,
};

/* Which sets of parts can be filled. */
struct part_sets {
    uint64_t bits[SET_WORDS];
};

static bool
has(const struct part_sets *sets, unsigned set)
{
    return sets->bits[set / 64] >> set % 64 & 1;
}

static void
add(struct part_sets *sets, unsigned set)
{
    sets->bits[set / 64] |= (uint64_t)1 << set % 64;
}

static void
join(struct part_sets *sets, const struct part_sets *others)
{
    for (int i = 0; i < SET_WORDS; i++)
        sets->bits[i] |= others->bits[i];
}

static unsigned
all_parts(const struct window_finder *finder)
{
    return (1u << finder->rule->when_count) - 1;
}

/* Nothing that is spelt out over more words is a word. */
static uint32_t
end_of(const struct hit *hit)
{
    return hit->word_end - hit->word < SPAN ? hit->word_end
                                            : hit->word + SPAN - 1;
}

void
window_start(struct window_finder *finder, const struct rule *rule,
             const struct candidate_part *parts, size_t count,
             struct arena *arena)
{
    size_t sets = (size_t)1 << rule->when_count;
    *finder = (struct window_finder){
        .rule = rule, .parts = parts, .count = count, .arena = arena};
    finder->rows = arena_alloc(arena, SPAN * sets * sizeof(*finder->rows));
    finder->no_memory = !finder->rows;
}

/* --- Where the next window ends --- */

/* The sweep: for each set of parts, the latest end of a first hit. 0: none. */
struct sweep {
    uint32_t best[SETS_MOST]; /* with hits that end at or before `at` */
    uint32_t at, newest;      /* words; the last that a row is for */
};

static void
sweep_clear(struct window_finder *finder, struct sweep *sweep, uint32_t word)
{
    size_t sets = (size_t)1 << finder->rule->when_count;
    memset(sweep->best, 0, sets * sizeof(*sweep->best));
    memset(finder->rows, 0, SPAN * sets * sizeof(*finder->rows));
    sweep->at = sweep->newest = word;
}

/* Hits that end at or before a word become those that others may follow. */
static void
sweep_to(struct window_finder *finder, struct sweep *sweep, uint32_t word)
{
    size_t sets = (size_t)1 << finder->rule->when_count;
    while (sweep->at < word && sweep->at < sweep->newest) {
        uint32_t *row = finder->rows + ++sweep->at % SPAN * sets;
        for (size_t set = 0; set < sets; set++) {
            if (row[set] > sweep->best[set])
                sweep->best[set] = row[set];
            row[set] = 0;
        }
        finder->steps += sets;
    }
    if (sweep->at < word)
        sweep->at = sweep->newest = word;
}

/* Takes a candidate in; true: it ends a window. */
static bool
sweep_take(struct window_finder *finder, struct sweep *sweep,
           const struct candidate_part *candidate)
{
    const struct rule *rule = finder->rule;
    const struct hit *hit = candidate->hit;
    size_t sets = (size_t)1 << rule->when_count;
    unsigned bit = 1u << candidate->part, all = all_parts(finder);
    uint32_t end = end_of(hit);
    uint32_t *row = finder->rows + end % SPAN * sets;
    bool ends = false;
    finder->steps += sets;
    for (unsigned set = 0; set < sets; set++) {
        uint32_t first = set ? sweep->best[set] : end;
        if ((set & bit) || !first || (rule->as_written && set != bit - 1))
            continue;
        if ((set | bit) == all)
            ends = ends || !set || hit->word <= first + rule->within;
        if (first > row[set | bit])
            row[set | bit] = first;
    }
    sweep->newest = end > sweep->newest ? end : sweep->newest;
    return ends;
}

static bool
find_end(struct window_finder *finder, size_t *last)
{
    const struct candidate_part *parts = finder->parts;
    struct sweep sweep;
    for (size_t i = finder->next; i < finder->count; i++) {
        const struct hit *hit = parts[i].hit;
        if (i == finder->next || (finder->rule->same_sentence &&
                                  hit->sentence != parts[i - 1].hit->sentence))
            sweep_clear(finder, &sweep, hit->word);
        sweep_to(finder, &sweep, hit->word);
        if (sweep_take(finder, &sweep, &parts[i])) {
            *last = i;
            return true;
        }
    }
    return false;
}

/* --- Which hits fill it --- */

/* A window whose end is known. */
struct frame {
    size_t low, last;                /* candidates that may be in it */
    size_t chosen[RULES_PARTS_MOST]; /* candidate + 1 of each part, or 0 */
};

static bool
is_open(const struct window_finder *finder, const struct frame *frame, size_t i)
{
    size_t chosen = frame->chosen[finder->parts[i].part];
    return !chosen || chosen == i + 1;
}

/* The first candidate that begins at or behind a word. */
static size_t
first_from(const struct window_finder *finder, const struct frame *frame,
           uint32_t word)
{
    size_t low = frame->low, high = frame->last + 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (finder->parts[middle].hit->word < word)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Of the sets, those that candidate i may stand before, with it. */
static void
put_before(struct window_finder *finder, const struct frame *frame, size_t i,
           struct part_sets *out)
{
    unsigned part = finder->parts[i].part, bit = 1u << part;
    unsigned all = all_parts(finder);
    *out = (struct part_sets){{0}};
    size_t next = first_from(finder, frame, end_of(finder->parts[i].hit));
    if (next > frame->last || !is_open(finder, frame, i))
        return;
    const struct part_sets *rest = &finder->behind[next - frame->low];
    finder->steps += all;
    for (unsigned set = 1; set <= all; set++)
        if (!(set & bit) && has(rest, set) &&
            (!finder->rule->as_written || set == (all & ~(2 * bit - 1))))
            add(out, set | bit);
}

/* behind[i]: the sets that candidates from low + i on can fill together with
 * the last. Returns the latest that can begin the window. */
static size_t
fill_behind(struct window_finder *finder, const struct frame *frame)
{
    const struct rule *rule = finder->rule;
    const struct candidate_part *parts = finder->parts;
    const struct hit *end = parts[frame->last].hit;
    size_t start = frame->last;
    bool started = rule->when_count == 1;
    finder->behind[frame->last - frame->low] = (struct part_sets){{0}};
    add(&finder->behind[frame->last - frame->low],
        1u << parts[frame->last].part);
    for (size_t i = frame->last; i-- > frame->low && !started;) {
        struct part_sets *sets = &finder->behind[i - frame->low];
        struct part_sets more;
        put_before(finder, frame, i, &more);
        *sets = sets[1];
        join(sets, &more);
        if (has(&more, all_parts(finder)) &&
            end->word <= end_of(parts[i].hit) + rule->within) {
            started = true;
            start = i;
        }
    }
    return start;
}

/* Hits in front: the sets that are filled, by the word at which they end. */
struct front {
    struct part_sets sets; /* that end at or before `at` */
    uint32_t at, newest;
};

static void
front_to(struct window_finder *finder, struct front *front, uint32_t word)
{
    while (front->at < word && front->at < front->newest) {
        struct part_sets *row = &finder->ahead[++front->at % SPAN];
        join(&front->sets, row);
        *row = (struct part_sets){{0}};
    }
    if (front->at < word)
        front->at = front->newest = word;
}

static void
front_add(struct window_finder *finder, struct front *front,
          const struct hit *hit, const struct part_sets *sets)
{
    uint32_t end = end_of(hit);
    join(&finder->ahead[end % SPAN], sets);
    front->newest = end > front->newest ? end : front->newest;
}

/* Puts candidate i behind what is in front; does the rest go on from it? */
static bool
put_behind(struct window_finder *finder, const struct frame *frame,
           struct front *front, size_t i)
{
    const struct hit *hit = finder->parts[i].hit;
    unsigned bit = 1u << finder->parts[i].part, all = all_parts(finder);
    struct part_sets more = {{0}};
    size_t next = first_from(finder, frame, end_of(hit));
    bool goes_on = false;
    finder->steps += all;
    for (unsigned set = 1; set <= all; set++) {
        if ((set & bit) || !has(&front->sets, set) ||
            (finder->rule->as_written && set != bit - 1))
            continue;
        add(&more, set | bit);
        goes_on = goes_on ||
                  (next <= frame->last &&
                   has(&finder->behind[next - frame->low], all & ~(set | bit)));
    }
    front_add(finder, front, hit, &more);
    return goes_on;
}

/* The candidate nearest to the end that can fill a part. */
static void
choose_part(struct window_finder *finder, struct frame *frame, unsigned part)
{
    const struct candidate_part *parts = finder->parts;
    const struct hit *first = parts[frame->low].hit;
    struct front front = {.at = first->word, .newest = first->word};
    struct part_sets alone = {{0}};
    (void)fill_behind(finder, frame);
    memset(finder->ahead, 0, SPAN * sizeof(*finder->ahead));
    add(&alone, 1u << parts[frame->low].part);
    front_add(finder, &front, first, &alone);
    size_t nearest = 0;
    for (size_t i = frame->low + 1; i < frame->last; i++) {
        if (!is_open(finder, frame, i))
            continue;
        front_to(finder, &front, parts[i].hit->word);
        if (put_behind(finder, frame, &front, i) && parts[i].part == part)
            nearest = i + 1;
    }
    frame->chosen[part] = nearest;
}

static bool
make_room(struct window_finder *finder, size_t wanted)
{
    if (!finder->ahead)
        finder->ahead =
            arena_alloc(finder->arena, SPAN * sizeof(*finder->ahead));
    if (wanted > finder->behind_capacity) {
        finder->behind =
            arena_alloc(finder->arena, 2 * wanted * sizeof(*finder->behind));
        finder->behind_capacity = 2 * wanted;
    }
    finder->no_memory = !finder->ahead || !finder->behind;
    return !finder->no_memory;
}

/* The first candidate that may stand in a window with this end. */
static size_t
reach(const struct window_finder *finder, size_t last)
{
    const struct candidate_part *parts = finder->parts;
    size_t low = last;
    while (low > finder->next &&
           (uint64_t)parts[low - 1].hit->word + SPAN + finder->rule->within >=
               parts[last].hit->word &&
           (!finder->rule->same_sentence ||
            parts[low - 1].hit->sentence == parts[last].hit->sentence))
        low--;
    return low;
}

bool
window_next(struct window_finder *finder, struct window *out)
{
    const struct candidate_part *parts = finder->parts;
    size_t last;
    if (finder->no_memory || !find_end(finder, &last))
        return false;
    struct frame frame = {.low = reach(finder, last), .last = last};
    if (!make_room(finder, last - frame.low + 1))
        return false;
    frame.chosen[parts[last].part] = last + 1;
    frame.low = fill_behind(finder, &frame);
    frame.chosen[parts[frame.low].part] = frame.low + 1;
    for (unsigned part = 0; part < finder->rule->when_count; part++)
        if (!frame.chosen[part])
            choose_part(finder, &frame, part);

    *out = (struct window){{NULL}};
    uint32_t end = 0;
    for (size_t i = 0; i < finder->rule->when_count; i++) {
        if (!frame.chosen[i])
            return false; /* the sweep has said that there is one */
        out->hits[i] = parts[frame.chosen[i] - 1].hit;
        end = out->hits[i]->word_end > end ? out->hits[i]->word_end : end;
    }
    /* Whatever overlaps this window is used up. */
    while (last < finder->count && parts[last].hit->word < end)
        last++;
    finder->next = last;
    return true;
}
