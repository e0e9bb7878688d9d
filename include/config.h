/*
 * config.h - karool.yaml, checked and made into plain data.
 *
 * Every key is declared once, in config_keys.c: name, type, default, limits,
 * one line of help, whether a reload applies it. Connectors are loaded with
 * the configuration, because a source's variables are its connector's.
 *
 * Threads: a struct config never changes once made. Ownership: reference
 * counted. Errors: into `diagnostics`, and NULL.
 */
#ifndef KAROOL_CONFIG_H
#define KAROOL_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "connector.h"
#include "diagnostics.h"
#include "span.h"
#include "text_list.h"

struct kafka_property {
    const char *name;
    const char *value; /* of a secret: its value, registered with redact.h */
};

enum start_kind { START_LATEST, START_BEGINNING, START_AGE };

/* The value of a connector's variable, by its declared type: a text (also
 * urls, integers, secrets), a list of texts, or a map of texts. */
struct variable {
    const char *name;
    struct text_list list; /* a single text is a list of one */
    struct span *keys;     /* of a map: as many as list.count; else NULL */
    bool secret;
    struct place place;
};

struct source_config {
    const char *id; /* [a-z0-9][a-z0-9._-]* */
    const struct connector *connector;
    struct variable *variables; /* defaults filled in */
    size_t variable_count;
    int64_t every_ms;
    enum start_kind start;
    int64_t start_age_ms;
    bool http;                /* `http: allow`: plain HTTP */
    bool local;               /* private and loopback addresses */
    const char *renamed_from; /* or NULL */
    const char *user_agent;   /* the source's own, else config's */
    const char *proxy;        /* or NULL */
    struct place place;
};

enum privacy_raw { PRIVACY_RAW_LISTED, PRIVACY_RAW_KEEP, PRIVACY_RAW_DROP };

struct config {
    const char *path;   /* of the file */
    const char *folder; /* that relative paths start from */
    const char *campaign;
    bool embedded;               /* brokers: embedded */
    const char *brokers;         /* else host:port,… */
    const char *rules;           /* absolute folder */
    const char *connectors;      /* absolute folder */
    const char *state_directory; /* $STATE_DIRECTORY, else ~/.local/state/… */
    const char *runtime_directory; /* $RUNTIME_DIRECTORY, else
                                      $XDG_RUNTIME_DIR/karool/<campaign> */
    struct source_config *sources;
    size_t source_count;
    bool author_pseudonyms;
    struct span author_key; /* HMAC key; absent: made in the state directory */
    enum privacy_raw raw;
    bool rejected_keep; /* original bytes in karool.rejected */
    struct {
        const char *posts, *flagged, *cursors, *rejected,
            *verdicts; /* prefixed */
    } topics;
    unsigned partitions; /* of posts and flagged */
    int64_t posts_retention_ms, flagged_retention_ms, rejected_retention_ms;
    unsigned replication; /* 0: the broker's default */
    bool create_topics;
    bool kafka_plaintext; /* kafka.plaintext: allow */
    struct kafka_property *properties;
    size_t property_count;
    unsigned screen_threads; /* 0: one a core, at most the partitions */
    const char *status_listen;
    const char *log_level;
    const char *user_agent, *proxy; /* for sources without their own */
    int64_t dedupe_window_ms;
    bool role_ingest, role_screen; /* roles: */
    struct span sources_digest;    /* hex; notices unequal configurations */
};

struct config_options {
    bool secrets; /* false: `check` on a desk without the secrets; a missing
                     one is then a warning */
    bool offline; /* leave out the sources that need a network */
    bool look;    /* `check`: warn of files of sources that are not there */
    /* Is there something wrong with a property of librdkafka? NULL: it is not
     * asked. */
    bool (*property_fault)(const char *name, const char *value, char *reason,
                           size_t size);
};

MUST_USE struct config *config_load(const char *path,
                                    const struct config_options *options,
                                    struct diagnostics *diagnostics);
struct config *config_ref(struct config *config);
void config_unref(struct config *config);
void config_unrefp(struct config **config);
const struct source_config *config_source(const struct config *config,
                                          struct span id);
const struct variable *source_variable(const struct source_config *source,
                                       const char *name);
/* Before `next` comes in force after `former`: the values of keys that a
 * reload does not apply stay as they were, each with a warning that it needs a
 * restart. false: no memory. */
MUST_USE bool config_keep(struct config *next, const struct config *former,
                          struct diagnostics *diagnostics);
/* Every key with its type, default and help, one a line: "path<TAB>type<TAB>
 * default<TAB>reload<TAB>help". For the manual, the sample and their tests. */
void config_describe(struct buffer *out);

#endif
