/*
 * text_list.h - several texts, owned by somebody else.
 */
#ifndef KAROOL_TEXT_LIST_H
#define KAROOL_TEXT_LIST_H

#include <stddef.h>

#include "diagnostics.h"
#include "span.h"

struct text_list {
    struct span *items;
    size_t count;
    const struct place *places; /* where each is written; may be NULL */
};

#endif
