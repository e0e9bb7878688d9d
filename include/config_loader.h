/*
 * config_loader.h - a configuration while it is being read: the declared keys,
 * and what the files of the loader share.
 *
 * Threads: one. Errors: into `diagnostics`; `no_memory` is sticky.
 */
#ifndef KAROOL_CONFIG_LOADER_H
#define KAROOL_CONFIG_LOADER_H

#include "arena.h"
#include "config.h"
#include "yaml_tree.h"

enum config_type {
    CONFIG_TEXT,     /* const char * */
    CONFIG_NAME,     /* const char *: small letters, digits, hyphens */
    CONFIG_PATH,     /* const char *, absolute */
    CONFIG_CHOICE,   /* const char *, one of `choices` */
    CONFIG_BOOL,     /* bool */
    CONFIG_ALLOW,    /* bool: `allow` or left out */
    CONFIG_NUMBER,   /* unsigned */
    CONFIG_DURATION, /* int64_t, milliseconds */
    CONFIG_SECRET,   /* struct span */
    CONFIG_OTHER,    /* read by code of its own */
};

struct config_key {
    const char *path; /* "kafka.topics.posts" */
    enum config_type type;
    const char *fallback; /* or NULL: none */
    size_t offset;        /* in struct config or struct source_config */
    const char *choices;  /* divided by blanks */
    unsigned least, most; /* of a number */
    bool reload;          /* does a reload apply it? */
    const char *help;
};

extern const struct config_key config_keys[];
extern const size_t config_key_count;
/* Of each item of `sources`; offsets into struct source_config. */
extern const struct config_key source_keys[];
extern const size_t source_key_count;

struct config_loader {
    struct config *config;
    struct arena *arena;
    struct diagnostics *diagnostics;
    const struct config_options *options;
    struct connectors *connectors;
    bool no_memory;
};

/* Where what a configuration points to lives. */
struct arena *config_arena(struct config *config);
void *config_alloc(struct config_loader *loader, size_t size_bytes);
const char *config_copy(struct config_loader *loader, struct span text);

/* config_value.c: one value of a declared key into its place. */
void config_value(struct config_loader *loader, const struct config_key *key,
                  const struct yaml_node *node, void *base);
void config_fallbacks(struct config_loader *loader,
                      const struct config_key *keys, size_t count, void *base);
/* A text; an error and "" for a list or map. */
struct span config_text(struct config_loader *loader,
                        const struct yaml_node *node);
const char *config_absolute(struct config_loader *loader, struct span path);
/* {secret: NAME} to its value; absent when it cannot be had (reported). */
struct span config_secret(struct config_loader *loader,
                          const struct yaml_node *node);
void config_unknown(struct config_loader *loader, const struct yaml_node *node,
                    const char *const *known);
/* config_sources.c */
void config_sources(struct config_loader *loader, const struct yaml_node *list);
/* config_kafka.c: properties, brokers, and what follows from the campaign. */
void config_properties(struct config_loader *loader,
                       const struct yaml_node *map);
void config_brokers(struct config_loader *loader, const struct yaml_node *node);
void config_topics(struct config_loader *loader);

#endif
