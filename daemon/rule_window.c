#include "rule_window.h"

enum {
    /* Candidates looked back at from one end, and attempts to fit them: no
     * text may make a rule slow. */
    BACK_MOST = 64,
    ATTEMPTS_MOST = 20000,
};

struct search {
    const struct rule *rule;
    const struct candidate_part *parts;
    size_t first, last; /* candidates that may be used, both included */
    struct window *window;
    unsigned attempts;
};

static bool
overlap(const struct hit *a, const struct hit *b)
{
    return a->word < b->word_end && b->word < a->word_end;
}

static bool
fits(const struct search *search, const struct hit *hit, unsigned part)
{
    const struct rule *rule = search->rule;
    for (size_t i = 0; i < rule->when_count; i++) {
        const struct hit *other = search->window->hits[i];
        if (!other)
            continue;
        if (overlap(hit, other))
            return false; /* one word fills one part */
        if (rule->same_sentence && hit->sentence != other->sentence)
            return false;
        if (rule->as_written && (i < part) != (other->word < hit->word))
            return false;
    }
    return true;
}

/* Fills the parts that are open, the nearest candidates to the end first. */
static bool
fill(struct search *search)
{
    size_t open = 0;
    while (open < search->rule->when_count && search->window->hits[open])
        open++;
    if (open == search->rule->when_count)
        return true;
    for (size_t i = search->last + 1; i-- > search->first;) {
        const struct candidate_part *candidate = &search->parts[i];
        if (candidate->part != open || ++search->attempts > ATTEMPTS_MOST ||
            !fits(search, candidate->hit, (unsigned)open))
            continue;
        search->window->hits[open] = candidate->hit;
        if (fill(search))
            return true;
        search->window->hits[open] = NULL;
    }
    return false;
}

static bool
is_far(const struct rule *rule, const struct hit *first, const struct hit *last)
{
    return last->word > first->word_end &&
           last->word - first->word_end > rule->within;
}

/* The first candidate that may be near enough to the one that ends the window.
 * A term of several words may begin before one that is too far, and end behind
 * it. */
static size_t
reach(const struct rule *rule, const struct candidate_part *parts, size_t first,
      size_t last)
{
    const struct hit *end = parts[last].hit;
    size_t from = last;
    while (from > first && last - from < BACK_MOST) {
        const struct hit *hit = parts[from - 1].hit;
        if (hit->word + TERM_WORDS_MOST + rule->within < end->word)
            break;
        from--;
    }
    return from;
}

bool
window_next(const struct rule *rule, const struct candidate_part *parts,
            size_t count, size_t *next, struct window *out)
{
    for (size_t last = *next; last < count; last++) {
        size_t reached = reach(rule, parts, *next, last);
        /* From the end backwards: the first start that works is the nearest. */
        struct search search = {rule, parts, last, last, out, 0};
        for (size_t first = last + 1; first-- > reached;) {
            search.first = first;
            *out = (struct window){0};
            out->hits[parts[last].part] = parts[last].hit;
            if (first != last) {
                unsigned part = parts[first].part;
                if (out->hits[part] ||
                    is_far(rule, parts[first].hit, parts[last].hit) ||
                    !fits(&search, parts[first].hit, part))
                    continue;
                out->hits[part] = parts[first].hit;
            }
            if (search.attempts < ATTEMPTS_MOST && fill(&search)) {
                /* Whatever overlaps this window is used up. */
                uint32_t end = 0;
                for (size_t i = 0; i < rule->when_count; i++)
                    if (out->hits[i]->word_end > end)
                        end = out->hits[i]->word_end;
                while (last < count && parts[last].hit->word < end)
                    last++;
                *next = last;
                return true;
            }
        }
    }
    return false;
}
