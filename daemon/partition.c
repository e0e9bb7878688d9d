#include "partition.h"

#define MURMUR2_SEED 0x9747b28cu
#define MURMUR2_FACTOR 0x5bd1e995u

static uint32_t
mix(uint32_t hash, uint32_t word)
{
    word *= MURMUR2_FACTOR;
    word ^= word >> 24;
    word *= MURMUR2_FACTOR;
    return hash * MURMUR2_FACTOR ^ word;
}

/* org.apache.kafka.common.utils.Utils.murmur2() */
uint32_t
murmur2(struct span key)
{
    const unsigned char *at = (const unsigned char *)key.at;
    uint32_t hash = MURMUR2_SEED ^ (uint32_t)key.len;
    size_t left = key.len;
    for (; left >= 4; at += 4, left -= 4)
        hash = mix(hash, (uint32_t)at[0] | (uint32_t)at[1] << 8 |
                             (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24);
    if (left > 2)
        hash ^= (uint32_t)at[2] << 16;
    if (left > 1)
        hash ^= (uint32_t)at[1] << 8;
    if (left > 0)
        hash = (hash ^ at[0]) * MURMUR2_FACTOR;
    hash ^= hash >> 13;
    hash *= MURMUR2_FACTOR;
    return hash ^ hash >> 15;
}

int32_t
partition_of(struct span key, int32_t partition_count)
{
    return (int32_t)(murmur2(key) & INT32_MAX) % partition_count;
}
