/*
 * kafka_trouble.h - why a broker cannot be talked to, as a person can mend it:
 * librdkafka says it in its log and to a callback, while the call that waited
 * says only that nobody answered.
 *
 * Threads: any.
 */
#ifndef KAROOL_KAFKA_TROUBLE_H
#define KAROOL_KAFKA_TROUBLE_H

#include <stdbool.h>

#include "cleanup.h"
#include "error.h"

/* A line of librdkafka's. true: it tells of TLS or of signing in, and was
 * kept, or is known to be wrong. */
bool kafka_trouble_note(const char *text);
/* A broker has answered, so that TLS and signing in are as it wants them: one
 * that hangs up later is going down, whatever librdkafka takes it for. */
void kafka_trouble_answered(void);
bool kafka_trouble_has_answered(void);
/* A certificate did not pass: X509_V_ERR_… of OpenSSL. */
void kafka_trouble_certificate(int x509_error);
/* Is a reason known that is not older than half a minute? */
bool kafka_trouble_fresh(void);
/* When a reason is known that is not older than half a minute: puts it in the
 * place of the message, with the addresses (or NULL). */
void kafka_trouble_explain(struct error *err, const char *brokers);
/* Is there something to do about this code of librdkafka's: rights to be
 * granted, a clock to be set? */
bool kafka_trouble_advises(int code);
/* That, or what librdkafka says of the code. */
const char *kafka_trouble_text(int code);

#endif
