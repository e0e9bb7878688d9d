#include "run_hosts.h"

#include "log.h"

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

static bool
add_host(struct hosts *hosts, struct span address,
         const struct source_config *settings, struct error *err)
{
    struct http_url url;
    if (!http_url_parse(hosts->arena, address, &url, err))
        return error_wrap(err, "source %s", settings->id);
    if (map_has(hosts->known, span_of(url.host)))
        return true;
    buffer_printf(hosts->out, "%s%s", hosts->out->len ? ", " : "", url.host);
    return map_set(hosts->known, span_of(url.host), hosts) ||
           error_no_memory(err);
}

/* The host of the first question that the source would ask. */
static bool
add_first(struct hosts *hosts, struct config *config,
          const struct source_config *settings,
          const struct pseudonym *pseudonym, struct error *err)
{
    CLEANUP(source_freep)
    struct source *source = source_new(config, settings, pseudonym, err);
    struct request request = {0};
    int64_t now_ms = clock_wall_ms();
    if (!source)
        return false;
    source_begin(source, now_ms);
    int64_t due_ms = source_due_ms(source);
    if (due_ms == INT64_MAX)
        return true; /* it has nothing to ask */
    if (!source_ask(source, due_ms > now_ms ? due_ms : now_ms, &request, err))
        return false;
    return request.transport == TRANSPORT_FILE ||
           add_host(hosts, request.url, settings, err);
}

/* Further addresses that its variables hold: a source may have many feeds. */
static bool
add_others(struct hosts *hosts, const struct source_config *settings,
           struct error *err)
{
    for (size_t i = 0; i < settings->variable_count; i++) {
        const struct variable *variable = &settings->variables[i];
        for (size_t j = 0; j < variable->list.count && !variable->secret; j++) {
            struct span text = variable->list.items[j];
            if (!span_starts(text, "https://") && !span_starts(text, "http://"))
                continue;
            if (!add_host(hosts, text, settings, err))
                return false;
        }
    }
    return true;
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
        if (!add_first(&hosts, config, settings, pseudonym, err) ||
            !add_others(&hosts, settings, err))
            return false;
    }
    return buffer_ok(out) || error_no_memory(err);
}

bool
run_hosts_say(struct config *config, bool offline, struct error *err)
{
    CLEANUP(buffer_done) struct buffer hosts = {0};
    if (!config->role_ingest)
        return true;
    if (!run_hosts(config, &hosts, err))
        return false;
    if (hosts.len)
        log_notice("karool", "will ask %s", buffer_text(&hosts));
    else if (offline)
        log_notice("karool", "offline: no source that needs a network");
    else if (config->source_count == 0)
        log_warning("karool", "%s names no sources: nothing is polled",
                    config->path);
    return true;
}
