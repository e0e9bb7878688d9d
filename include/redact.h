/*
 * redact.h - secrets are known by value, and removed by value.
 *
 * Whoever resolves a secret registers it; log, diagnostics and every line
 * that may quote something from outside pass through redact_text(). Secrets
 * are also recognised URL-encoded and base64-encoded (HTTP Basic).
 *
 * Threads: any.
 */
#ifndef KAROOL_REDACT_H
#define KAROOL_REDACT_H

#include "buffer.h"
#include "span.h"

/* Values shorter than 4 bytes are not registered: replacing them would make
 * the log unreadable; such secrets are refused by the configuration. */
void redact_add(struct span secret);
/* Replaces each registered secret in the buffer by "***". */
void redact_text(struct buffer *text);

#endif
