/*
 * sha256.h - hashes that name things: events, dictionaries, records.
 *
 * Owns libcrypto. Nothing here allocates or fails, except sha256_hmac().
 *
 * Threads: any, each with its own struct.
 */
#ifndef KAROOL_SHA256_H
#define KAROOL_SHA256_H

#include <stdbool.h>
#include <stddef.h>

#include "cleanup.h"
#include "span.h"

#define SHA256_HEX_SIZE 65 /* with the NUL */

struct sha256 {
    _Alignas(8) unsigned char state[128];
};

void sha256_init(struct sha256 *sha256);
/* The bytes alone. */
void sha256_add(struct sha256 *sha256, struct span bytes);
/* A field of several: its length first, so that "ab" "c" is not "a" "bc". An
 * absent span differs from an empty one. */
void sha256_add_field(struct sha256 *sha256, struct span field);
void sha256_hex(struct sha256 *sha256, char out[SHA256_HEX_SIZE]);
/* HMAC-SHA-256 (RFC 2104), hex; false when libcrypto has no memory. */
MUST_USE bool sha256_hmac(struct span key, struct span message,
                          char out[SHA256_HEX_SIZE]);
/* "OpenSSL 3.0.11 19 Sep 2023" */
const char *sha256_library_version(void);

#endif
