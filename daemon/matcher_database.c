#include <stdio.h>
#include <stdlib.h>

#include <hs.h>

#include "buffer.h"
#include "database_cache.h"
#include "matcher_model.h"

enum {
    PLACES_MOST = 1000 * 1000,
    /* Fewer patterns are compiled in less time than a file is looked at. */
    CACHED_LEAST = 2000,
};

struct database {
    hs_database_t *hs;
    size_t size_bytes;
    uint8_t *lens; /* of the patterns, in keys */
    bool from_cache;
};

struct scratch {
    hs_scratch_t *hs;
    uint64_t generation; /* of the database it was last grown for */
};

void
database_free(struct database *database)
{
    if (!database)
        return;
    hs_free_database(database->hs);
    free(database->lens);
    free(database);
}

size_t
database_size_bytes(const struct database *database)
{
    return database->size_bytes;
}

/* What the three parallel arrays of hs_compile_lit_multi() need. */
struct literals {
    const char **texts;
    unsigned *flags, *ids;
    size_t *lens;
    uint8_t *bytes;
};

static void
literals_done(struct literals *literals)
{
    free(literals->texts);
    free(literals->flags);
    free(literals->ids);
    free(literals->lens);
    free(literals->bytes);
}

static bool
literals_make(struct literals *literals, const struct pattern *patterns,
              size_t count)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += patterns[i].len + 1;
    literals->texts = calloc(count, sizeof(*literals->texts));
    literals->flags = calloc(count, sizeof(*literals->flags));
    literals->ids = calloc(count, sizeof(*literals->ids));
    literals->lens = calloc(count, sizeof(*literals->lens));
    literals->bytes = malloc(bytes);
    if (!literals->texts || !literals->flags || !literals->ids ||
        !literals->lens || !literals->bytes)
        return false;
    uint8_t *at = literals->bytes;
    for (size_t i = 0; i < count; i++) {
        literals->texts[i] = (const char *)at;
        literals->ids[i] = (unsigned)i;
        literals->lens[i] = patterns[i].len + 1;
        *at++ = 1; /* LETTER_SEPARATOR: a word begins */
        memcpy(at, patterns[i].keys, patterns[i].len);
        at += patterns[i].len;
    }
    return true;
}

/* What compiled bytes depend on: the library, the machine, the way it is asked,
 * the patterns. */
static bool
cache_key(const struct pattern *patterns, size_t count,
          char key[SHA256_HEX_SIZE])
{
    CLEANUP(buffer_done) struct buffer head = {0};
    hs_platform_info_t platform = {0};
    struct sha256 sha256;
    if (hs_populate_platform(&platform) != HS_SUCCESS)
        return false;
    buffer_printf(&head, "%s; tune %u; cpu %llx; lit multi, block; %zu",
                  hs_version(), platform.tune, platform.cpu_features, count);
    sha256_init(&sha256);
    sha256_add_field(&sha256, buffer_span(&head));
    for (size_t i = 0; i < count; i++)
        sha256_add_field(&sha256, (struct span){(const char *)patterns[i].keys,
                                                patterns[i].len});
    sha256_hex(&sha256, key);
    return buffer_ok(&head);
}

static bool
load(struct database *database, const char key[SHA256_HEX_SIZE])
{
    CLEANUP(buffer_done) struct buffer bytes = {0};
    database->from_cache = database_cache_load(key, &bytes) &&
                           hs_deserialize_database(bytes.bytes, bytes.len,
                                                   &database->hs) == HS_SUCCESS;
    return database->from_cache;
}

static void
store(const struct database *database, const char key[SHA256_HEX_SIZE])
{
    char *bytes = NULL;
    size_t len = 0;
    if (hs_serialize_database(database->hs, &bytes, &len) == HS_SUCCESS)
        database_cache_store(key, (struct span){bytes, len});
    free(bytes);
}

static bool
compile(struct database *database, const struct pattern *patterns, size_t count,
        struct error *err)
{
    CLEANUP(literals_done) struct literals literals = {0};
    hs_compile_error_t *problem = NULL;
    if (!literals_make(&literals, patterns, count))
        return error_no_memory(err);
    hs_error_t result = hs_compile_lit_multi(
        literals.texts, literals.flags, literals.ids, literals.lens,
        (unsigned)count, HS_MODE_BLOCK, NULL, &database->hs, &problem);
    if (result == HS_SUCCESS)
        return true;
    error_set(err, ERROR_CONFIG, "Hyperscan cannot compile the terms: %s",
              problem ? problem->message : "unknown reason");
    hs_free_compile_error(problem);
    return false;
}

static bool
load_or_compile(struct database *database, const struct pattern *patterns,
                size_t count, struct error *err)
{
    char key[SHA256_HEX_SIZE];
    bool cached = count >= CACHED_LEAST && cache_key(patterns, count, key);
    if (cached && load(database, key))
        return true;
    if (!compile(database, patterns, count, err))
        return false;
    if (cached)
        store(database, key);
    return true;
}

struct database *
database_new(const struct pattern *patterns, size_t count, struct error *err)
{
    struct database *database = calloc(1, sizeof(*database));
    if (database)
        database->lens = malloc(count + 1);
    if (!database || !database->lens) {
        database_free(database);
        error_no_memory(err);
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        database->lens[i] = (uint8_t)patterns[i].len;
    if (!load_or_compile(database, patterns, count, err)) {
        database_free(database);
        return NULL;
    }
    if (hs_database_size(database->hs, &database->size_bytes) != HS_SUCCESS)
        database->size_bytes = 0;
    return database;
}

bool
database_from_cache(const struct database *database)
{
    return database->from_cache;
}

struct scratch *
scratch_new(void)
{
    return calloc(1, sizeof(struct scratch));
}

void
scratch_free(struct scratch *scratch)
{
    if (!scratch)
        return;
    hs_free_scratch(scratch->hs);
    free(scratch);
}

bool
scratch_fit(struct scratch *scratch, const struct database *database,
            uint64_t generation, struct error *err)
{
    /* By generation, never by address: a freed address comes back. */
    if (scratch->hs && scratch->generation == generation)
        return true;
    hs_error_t result = hs_alloc_scratch(database->hs, &scratch->hs);
    if (result == HS_NOMEM)
        return error_no_memory(err);
    if (result != HS_SUCCESS)
        return error_set(err, ERROR_FATAL, "Hyperscan: no scratch (%d)",
                         result);
    scratch->generation = generation;
    return true;
}

struct hits {
    struct scan *scan;
    const struct database *database;
    const struct reading *reading;
};

static int
on_match(unsigned id, unsigned long long from, unsigned long long to,
         unsigned flags, void *context)
{
    const struct hits *hits = context;
    size_t start = (size_t)to - hits->database->lens[id];
    place_add(hits->scan, hits->reading->origins[start]);
    return hits->scan->no_memory || hits->scan->places.count == PLACES_MOST;
}

bool
database_scan(const struct database *database, struct scratch *scratch,
              const struct reading *reading, struct scan *scan,
              struct error *err)
{
    struct hits hits = {scan, database, reading};
    hs_error_t result =
        hs_scan(database->hs, (const char *)reading->letters,
                (unsigned)reading->count, 0, scratch->hs, on_match, &hits);
    if (scan->no_memory)
        return error_no_memory(err);
    if (result != HS_SUCCESS && result != HS_SCAN_TERMINATED)
        return error_set(err, ERROR_RECORD, "Hyperscan cannot scan it (%d)",
                         result);
    return true;
}

const char *
database_library_version(void)
{
    static char text[64];
    snprintf(text, sizeof(text), "libhs %s", hs_version());
    return text;
}
