/*
 * reload_changes.h - what a reload changes, in words.
 *
 * Threads: any.
 */
#ifndef KAROOL_RELOAD_CHANGES_H
#define KAROOL_RELOAD_CHANGES_H

#include "buffer.h"
#include "config.h"
#include "matcher.h"

/* Appends a line for each source that came, went or is another, and one for
 * the rules when they are others. */
void reload_changes(const struct config *former, const struct config *next,
                    const struct matcher *former_rules,
                    const struct matcher *next_rules, struct buffer *out);
/* Appends "rules VERSION (sha256:…)". */
void reload_name_rules(const struct matcher *matcher, struct buffer *out);

#endif
