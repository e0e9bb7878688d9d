/*
 * plain.h - how much of a text needs no second look, many bytes at a time.
 *
 * Every byte of every post is looked at here, most of them nowhere else.
 *
 * Threads: any.
 */
#ifndef KAROOL_PLAIN_H
#define KAROOL_PLAIN_H

#include "span.h"

/* The length of the plain bytes that text begins with: ASCII but quotes,
 * backslashes and controls, and whole characters of two bytes, which is nearly
 * all of a Cyrillic text. What follows is to be looked at one by one. */
size_t plain_len(struct span text);

#endif
