/*
 * pseudonym.h - authors as keyed hashes: "h1:" and HMAC-SHA-256, hex, cut to
 * 32 digits. `h1` names the key: its first digits of SHA-256 are compared
 * among processes.
 *
 * Threads: never changes once made. Errors: ERROR_CONFIG, with what to do.
 */
#ifndef KAROOL_PSEUDONYM_H
#define KAROOL_PSEUDONYM_H

#include <stdbool.h>
#include <stddef.h>

#include "config.h"
#include "error.h"
#include "span.h"

/* With `authors: keep` ids are addresses on some networks. */
#define PSEUDONYM_SIZE 256

struct pseudonym;

/* The configuration's key, or one made once, 0600, in the state directory. */
MUST_USE struct pseudonym *pseudonym_new(const struct config *config,
                                         struct error *err);
void pseudonym_free(struct pseudonym *pseudonym);
void pseudonym_freep(struct pseudonym **pseudonym);
/* Network and native author id to "h1:9f2c…"; with `authors: keep` the id as
 * it is, cut at a code point to fit. */
void pseudonym_of(const struct pseudonym *pseudonym, struct span network,
                  struct span author, char out[PSEUDONYM_SIZE]);

#endif
