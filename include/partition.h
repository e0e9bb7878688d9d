/*
 * partition.h - which partition a key goes to.
 *
 * murmur2 as Kafka's Java client computes it (seed 0x9747b28c, sign bit
 * masked), so that Java consumers agree; librdkafka's default is CRC32.
 *
 * Threads: any.
 */
#ifndef KAROOL_PARTITION_H
#define KAROOL_PARTITION_H

#include <stdint.h>

#include "span.h"

uint32_t murmur2(struct span key);
int32_t partition_of(struct span key, int32_t partition_count);

#endif
