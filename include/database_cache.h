/*
 * database_cache.h - a compiled database, kept for the next start.
 *
 * A file is one of eight in $CACHE_DIRECTORY (systemd's), else in
 * $XDG_CACHE_HOME/karool, else in ~/.cache/karool; which one follows from the
 * key, and the last key keeps it. What is read is distrusted: the file must be
 * ours and nobody else may write it, it must be of this key (which covers
 * whatever the compiled bytes depend on), and its bytes must have the digest
 * that stands before them. Whatever is wrong: there is none, and it is compiled
 * and written anew. No error ever comes from here; the log says why, at debug
 * level.
 *
 * Threads: any; a file is replaced whole.
 */
#ifndef KAROOL_DATABASE_CACHE_H
#define KAROOL_DATABASE_CACHE_H

#include <stdbool.h>

#include "buffer.h"
#include "sha256.h"

/* The bytes that were kept under the key; nothing else is left in `out`. */
MUST_USE bool database_cache_load(const char key[SHA256_HEX_SIZE],
                                  struct buffer *out);
void database_cache_store(const char key[SHA256_HEX_SIZE], struct span bytes);

#endif
