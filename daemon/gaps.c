#include "gaps.h"

#include "lattice.h"
#include "utf8.h"

enum { PICTURES = 0x2600 };

/* Invisible characters aside; pictures are all the same. */
static bool
same_gap(struct span a, struct span b)
{
    size_t i = 0, j = 0;
    bool valid;
    for (;;) {
        i = lattice_skip_invisible(a, i);
        j = lattice_skip_invisible(b, j);
        if (i >= a.len || j >= b.len)
            return i >= a.len && j >= b.len;
        uint32_t left = utf8_next(a, &i, &valid);
        uint32_t right = utf8_next(b, &j, &valid);
        if (left != right && !(left >= PICTURES && right >= PICTURES))
            return false;
    }
}

void
gaps_add(struct gaps *gaps, struct span gap)
{
    for (size_t i = 0; i < gaps->count && i < GAPS_NORMS; i++)
        gaps->uneven[i] += !same_gap(gaps->norms[i], gap);
    if (gaps->count < GAPS_NORMS) {
        gaps->norms[gaps->count] = gap;
        for (size_t i = 0; i < gaps->count; i++)
            gaps->uneven[gaps->count] += !same_gap(gaps->norms[i], gap);
    }
    gaps->count++;
}

size_t
gaps_uneven(const struct gaps *gaps)
{
    size_t least = gaps->uneven[0];
    for (size_t i = 1; i < gaps->count && i < GAPS_NORMS; i++)
        least = gaps->uneven[i] < least ? gaps->uneven[i] : least;
    return least;
}
