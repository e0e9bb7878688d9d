#include "run_hosts.h"

#include <string.h>

#include "arena.h"
#include "clock.h"
#include "http_url.h"
#include "map.h"
#include "pseudonym.h"
#include "source.h"

struct hosts {
    struct map *known;
    struct arena *arena;
    struct buffer *out;
};

/* The host of the first question that the source would ask. */
static bool
add_host(struct hosts *hosts, struct config *config,
         const struct source_config *settings,
         const struct pseudonym *pseudonym, struct error *err)
{
    CLEANUP(source_freep)
    struct source *source = source_new(config, settings, pseudonym, err);
    struct request request = {0};
    struct http_url url;
    int64_t now_ms = clock_wall_ms();
    if (!source)
        return false;
    source_begin(source, now_ms);
    int64_t due_ms = source_due_ms(source);
    if (due_ms == INT64_MAX)
        return true; /* it has nothing to ask */
    if (!source_ask(source, due_ms > now_ms ? due_ms : now_ms, &request, err))
        return false;
    if (request.transport == TRANSPORT_FILE)
        return true;
    if (!http_url_parse(hosts->arena, request.url, &url, err))
        return error_wrap(err, "source %s", settings->id);
    if (map_has(hosts->known, span_of(url.host)))
        return true;
    buffer_printf(hosts->out, "%s%s", hosts->out->len ? ", " : "", url.host);
    return map_set(hosts->known, span_of(url.host), hosts) ||
           error_no_memory(err);
}

bool
run_hosts(struct config *config, struct buffer *out, struct error *err)
{
    CLEANUP(map_freep) struct map *known = map_new();
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    CLEANUP(pseudonym_freep)
    struct pseudonym *pseudonym = pseudonym_new(config, err);
    if (!known || !arena)
        return error_no_memory(err);
    if (!pseudonym)
        return false;
    struct hosts hosts = {known, arena, out};
    for (size_t i = 0; i < config->source_count; i++) {
        const struct source_config *settings = &config->sources[i];
        if (connector_is_local(settings->connector))
            continue;
        if (!add_host(&hosts, config, settings, pseudonym, err))
            return false;
    }
    return buffer_ok(out) || error_no_memory(err);
}
