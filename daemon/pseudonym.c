#include "pseudonym.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "redact.h"
#include "sha256.h"
#include "utf8.h"

enum { KEY_BYTES = 32, KEY_MOST = 4096 };

struct pseudonym {
    bool keep;
    struct buffer key;
    char name[3]; /* "h1" */
};

void
pseudonym_free(struct pseudonym *pseudonym)
{
    if (!pseudonym)
        return;
    if (pseudonym->key.bytes)
        explicit_bzero(pseudonym->key.bytes, pseudonym->key.len);
    buffer_done(&pseudonym->key);
    free(pseudonym);
}

void
pseudonym_freep(struct pseudonym **pseudonym)
{
    pseudonym_free(*pseudonym);
}

/* Written aside and linked: the file is whole from its first moment on, and
 * one that another process has put there meanwhile stays. */
static bool
put_key(const char *path, struct span key, struct error *err)
{
    CLEANUP(buffer_done) struct buffer aside = {0};
    buffer_printf(&aside, "%s.%ld", path, (long)getpid());
    if (!buffer_ok(&aside) ||
        !file_replace(buffer_text(&aside), key, 0600, err))
        return buffer_ok(&aside) ? false : error_no_memory(err);
    bool put = link(buffer_text(&aside), path) == 0 || errno == EEXIST;
    int problem = errno;
    unlink(buffer_text(&aside));
    return put || error_set(err, ERROR_CONFIG, "%s: cannot make it: %s", path,
                            strerror(problem));
}

/* A new key, as text. */
static bool
make_key(const char *path, struct error *err)
{
    unsigned char random[KEY_BYTES];
    char hex[2 * KEY_BYTES + 1];
    if (getrandom(random, sizeof(random), 0) != sizeof(random))
        return error_set(err, ERROR_FATAL, "no random numbers: %s",
                         strerror(errno));
    for (size_t i = 0; i < sizeof(random); i++)
        snprintf(hex + 2 * i, 3, "%02x", random[i]);
    bool made = put_key(path, (struct span){hex, 2 * KEY_BYTES}, err);
    explicit_bzero(hex, sizeof(hex));
    return made;
}

static bool
load_key(struct pseudonym *pseudonym, const struct config *config,
         struct error *err)
{
    if (config->author_key.len) {
        buffer_append_span(&pseudonym->key, config->author_key);
        return true;
    }
    CLEANUP(buffer_done) struct buffer path = {0};
    buffer_printf(&path, "%s/author.key", config->state_directory);
    if (!buffer_ok(&path))
        return error_no_memory(err);
    struct stat info;
    if (!file_make_folder(config->state_directory, err) ||
        (stat(buffer_text(&path), &info) != 0 &&
         !make_key(buffer_text(&path), err)))
        return error_wrap(err, "set state_directory to a folder you may write, "
                               "for the key of the authors' hashes");
    if (!file_load(&pseudonym->key, buffer_text(&path), KEY_MOST, err))
        return error_wrap(err, "the key of the authors' hashes");
    if (pseudonym->key.len < KEY_BYTES)
        return error_set(err, ERROR_CONFIG,
                         "%s: shorter than %d bytes: remove it, and a new key "
                         "is made (hashes change then)",
                         buffer_text(&path), KEY_BYTES);
    return true;
}

struct pseudonym *
pseudonym_new(const struct config *config, struct error *err)
{
    CLEANUP(pseudonym_freep)
    struct pseudonym *pseudonym = calloc(1, sizeof(*pseudonym));
    if (!pseudonym) {
        error_no_memory(err);
        return NULL;
    }
    pseudonym->keep = !config->author_pseudonyms;
    memcpy(pseudonym->name, "h1", sizeof(pseudonym->name));
    if (!pseudonym->keep && !load_key(pseudonym, config, err))
        return NULL;
    if (!buffer_ok(&pseudonym->key)) {
        error_no_memory(err);
        return NULL;
    }
    redact_add(buffer_span(&pseudonym->key));
    return TAKE(pseudonym);
}

void
pseudonym_of(const struct pseudonym *pseudonym, struct span network,
             struct span author, char out[PSEUDONYM_SIZE])
{
    char hex[SHA256_HEX_SIZE];
    CLEANUP(buffer_done) struct buffer message = {0};
    buffer_printf(&message, "%.*s:%.*s", SPAN_ARGS(network), SPAN_ARGS(author));
    out[0] = '\0';
    if (pseudonym->keep) {
        author.len = utf8_cut(author, PSEUDONYM_SIZE - 1);
        snprintf(out, PSEUDONYM_SIZE, "%.*s", SPAN_ARGS(author));
        return;
    }
    if (buffer_ok(&message) &&
        sha256_hmac(buffer_span(&pseudonym->key), buffer_span(&message), hex))
        snprintf(out, PSEUDONYM_SIZE, "%s:%.32s", pseudonym->name, hex);
}
