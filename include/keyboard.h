/*
 * keyboard.h - letters that stand for one another because a keyboard lacks one
 * of them: a Russian layout has no ң, ө, ү, a Kazakh one puts қ beside к.
 *
 * Threads: any.
 */
#ifndef KAROOL_KEYBOARD_H
#define KAROOL_KEYBOARD_H

#include <stddef.h>
#include <stdint.h>

/* Small letters. One pair says one direction: whoever meant ө wrote о, but
 * whoever meant о did not write ө. */
struct keyboard_pair {
    uint32_t written, meant;
};
extern const struct keyboard_pair keyboard_pairs[];
extern const size_t keyboard_pair_count;

#endif
