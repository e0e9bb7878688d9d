/*
 * map.h - byte strings to pointers.
 *
 * Keys are copied. Values are the caller's. Iteration is in the order of
 * insertion, so that output is the same on every run.
 *
 * Threads: one at a time.
 */
#ifndef KAROOL_MAP_H
#define KAROOL_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cleanup.h"
#include "span.h"

struct map;

MUST_USE struct map *map_new(void);
void map_free(struct map *map);
void map_freep(struct map **map);
/* Adds or replaces; false when there is no memory. */
MUST_USE bool map_set(struct map *map, struct span key, void *value);
void *map_get(const struct map *map, struct span key);
bool map_has(const struct map *map, struct span key);
bool map_remove(struct map *map, struct span key);
size_t map_count(const struct map *map);
/* for (size_t i = 0; map_next(map, &i, &key, &value);) */
bool map_next(const struct map *map, size_t *position, struct span *key,
              void **value);

#endif
