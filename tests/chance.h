/*
 * chance.h - numbers that look random and are the same in each run (xorshift,
 * Marsaglia 2003), from the CHANCE_SEED that is defined before.
 */
#ifndef KAROOL_TESTS_CHANCE_H
#define KAROOL_TESTS_CHANCE_H

#include <stdint.h>

static uint64_t chance_state = CHANCE_SEED;

/* 0 to `below` - 1 */
static inline unsigned
chance(unsigned below)
{
    chance_state ^= chance_state << 13;
    chance_state ^= chance_state >> 7;
    chance_state ^= chance_state << 17;
    return (unsigned)((chance_state >> 11) % below);
}

#endif
