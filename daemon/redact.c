#include "redact.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

enum { REDACT_SHORTEST = 4 };

struct spelling {
    struct spelling *next;
    size_t len;
    char bytes[];
};

static pthread_mutex_t spellings_lock = PTHREAD_MUTEX_INITIALIZER;
static struct spelling
    *spellings; /* guarded by spellings_lock; never shrinks */

/* One way to write a secret; longer ones come first, so that a secret that
 * holds another one is replaced whole. */
static void
spelling_add(struct span text)
{
    if (text.len < REDACT_SHORTEST)
        return;
    struct spelling *spelling = malloc(sizeof(*spelling) + text.len);
    if (!spelling)
        return;
    spelling->len = text.len;
    memcpy(spelling->bytes, text.at, text.len);

    pthread_mutex_lock(&spellings_lock);
    struct spelling **at = &spellings;
    bool known = false;
    for (; *at && (*at)->len >= text.len && !known; at = &(*at)->next)
        known = (*at)->len == text.len &&
                memcmp((*at)->bytes, text.at, text.len) == 0;
    if (!known) {
        spelling->next = *at;
        *at = spelling;
    }
    pthread_mutex_unlock(&spellings_lock);
    if (known)
        free(spelling);
}

static void
add_url_encoded(struct span secret, const char *hex)
{
    CLEANUP(buffer_done) struct buffer encoded = {0};
    for (size_t i = 0; i < secret.len; i++) {
        unsigned char byte = (unsigned char)secret.at[i];
        if ((byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
            (byte >= 'a' && byte <= 'z') || (byte && strchr("-._~", byte))) {
            buffer_append_byte(&encoded, (char)byte);
        } else {
            buffer_append_byte(&encoded, '%');
            buffer_append_byte(&encoded, hex[byte >> 4]);
            buffer_append_byte(&encoded, hex[byte & 15]);
        }
    }
    spelling_add(buffer_span(&encoded));
}

/* What base64 makes of the secret at each of three alignments, less the edge
 * letters that its neighbours share ("user:secret" in HTTP Basic). */
static void
add_base64(struct span secret, size_t skip)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    CLEANUP(buffer_done) struct buffer encoded = {0};
    for (size_t i = skip; i + 3 <= secret.len; i += 3) {
        const unsigned char *at = (const unsigned char *)secret.at + i;
        uint32_t bits = (uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2];
        for (int shift = 18; shift >= 0; shift -= 6)
            buffer_append_byte(&encoded, digits[bits >> shift & 63]);
    }
    if (encoded.len >= 8)
        spelling_add(buffer_span(&encoded));
}

void
redact_add(struct span secret)
{
    if (secret.len < REDACT_SHORTEST)
        return;
    spelling_add(secret);
    add_url_encoded(secret, "0123456789ABCDEF");
    add_url_encoded(secret, "0123456789abcdef");
    for (size_t skip = 0; skip < 3; skip++)
        add_base64(secret, skip);
}

void
redact_text(struct buffer *text)
{
    CLEANUP(buffer_done) struct buffer clean = {0};
    bool found = false;
    size_t kept = 0;

    pthread_mutex_lock(&spellings_lock);
    for (size_t i = 0; spellings && i + REDACT_SHORTEST <= text->len;) {
        const struct spelling *at = spellings;
        while (at && (at->len > text->len - i ||
                      memcmp(at->bytes, text->bytes + i, at->len) != 0))
            at = at->next;
        if (!at) {
            i++;
            continue;
        }
        found = true;
        buffer_append(&clean, text->bytes + kept, i - kept);
        buffer_append_text(&clean, "***");
        i += at->len;
        kept = i;
    }
    pthread_mutex_unlock(&spellings_lock);
    if (!found)
        return;

    buffer_append(&clean, text->bytes + kept, text->len - kept);
    if (buffer_ok(&clean)) {
        struct buffer old = *text;
        *text = clean;
        clean = old;
    } else {
        buffer_clear(text); /* rather nothing than a secret */
    }
}
