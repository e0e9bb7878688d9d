/*
 * address.h - web and mail addresses and names of files in a text.
 *
 * For plausible.c: what is written there is no disguise. Threads: any.
 */
#ifndef KAROOL_ADDRESS_H
#define KAROOL_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "span.h"

/* The run of anything but blanks around a slice, as far as we look. */
struct span token_around(struct span text, size_t from, size_t to);
bool is_address(struct span token);
/* Does a name of a host or a file end so, behind its last dot? Of those that
 * are met most: "ra.bov" is a word with a dot in it. */
bool is_address_suffix(struct span text);

#endif
