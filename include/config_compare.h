/*
 * config_compare.h - would a source behave the same under two configurations?
 *
 * Then a reload leaves it alone: it goes on with its request, its back-off and
 * its place in the walk.
 *
 * Threads: any.
 */
#ifndef KAROOL_CONFIG_COMPARE_H
#define KAROOL_CONFIG_COMPARE_H

#include "cleanup.h"
#include "config.h"

/* What all sources share: privacy, and what becomes of rejected records. */
MUST_USE bool config_same_privacy(const struct config *a,
                                  const struct config *b);
MUST_USE bool config_same_source(const struct source_config *a,
                                 const struct source_config *b);

#endif
