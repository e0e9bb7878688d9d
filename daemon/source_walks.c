#include <stdlib.h>

#include "sha256.h"
#include "source_model.h"

/* A cursor belongs to what it was made for: another instance under the same id
 * begins anew. */
static bool
make_fingerprint(struct source *source, struct walk *walk)
{
    struct sha256 sha256;
    char hex[SHA256_HEX_SIZE];
    CLEANUP(buffer_done) struct buffer url = {0};
    /* Only the base: a path holds cursors and lookups. */
    template_expand(&walk->stream->request.base, &url, false, source_hole,
                    source);
    sha256_init(&sha256);
    sha256_add_field(&sha256, span_of(source->connector->name));
    sha256_add_field(&sha256, span_of(walk->stream->name));
    sha256_add_field(&sha256, walk->target);
    sha256_add_field(&sha256, buffer_span(&url));
    sha256_hex(&sha256, hex);
    memcpy(walk->fingerprint, hex, sizeof(walk->fingerprint) - 1);
    return buffer_ok(&url);
}

static struct span
target_value(const struct stream_model *stream, struct span target)
{
    for (size_t i = 0; i < stream->target_value_count; i++)
        if (span_equal(stream->target_values[2 * i], target))
            return stream->target_values[2 * i + 1];
    return SPAN_NONE;
}

/* A list of possible values chooses the targets: others are another stream's,
 * or a mistake that source_make_walks() notices. */
static bool
is_chosen(const struct stream_model *stream, struct span target)
{
    if (stream->target_value_count == 0)
        return true;
    for (size_t i = 0; i < stream->target_value_count; i++)
        if (span_equal(stream->target_values[2 * i], target))
            return true;
    return false;
}

/* "source/stream/target": a "#" would look like the slot of another key. */
static char *
make_key(struct source *source, const struct stream_model *stream,
         struct span target)
{
    CLEANUP(buffer_done) struct buffer key = {0};
    buffer_printf(&key, "%s/%s/", source->settings->id, stream->name);
    for (size_t i = 0; i < target.len; i++)
        if (target.at[i] == '#')
            buffer_append_text(&key, "%23");
        else
            buffer_append_byte(&key, target.at[i]);
    return buffer_ok(&key) ? arena_copy(source->arena, buffer_span(&key))
                           : NULL;
}

static bool
add_walk(struct source *source, const struct stream_model *stream,
         struct span target)
{
    if (!is_chosen(stream, target))
        return true;
    source->current = source->walk_count; /* for the holes of the fingerprint */
    struct walk *walk = &source->walks[source->walk_count++];
    *walk = (struct walk){.stream = stream,
                          .target = target,
                          .value = target_value(stream, target)};
    walk->key = make_key(source, stream, target);
    walk->ring = ring_new(stream->cursor.kind == CURSOR_FILE ? RING_FILE_SLOTS
                                                             : RING_SLOTS);
    return walk->key && walk->ring && make_fingerprint(source, walk);
}

bool
source_make_walks(struct source *source, struct error *err)
{
    const struct connector *connector = source->connector;
    size_t most = 0;
    for (size_t i = 0; i < connector->stream_count; i++) {
        const char *targets = connector->streams[i].targets;
        const struct variable *variable =
            targets ? source_variable(source->settings, targets) : NULL;
        most += targets ? (variable ? variable->list.count : 0) : 1;
    }
    source->walks = calloc(most + 1, sizeof(*source->walks));
    if (!source->walks)
        return error_no_memory(err);
    for (size_t i = 0; i < connector->stream_count; i++) {
        const struct stream_model *stream = &connector->streams[i];
        const struct variable *variable =
            stream->targets ? source_variable(source->settings, stream->targets)
                            : NULL;
        bool ok = true;
        if (!stream->targets)
            ok = add_walk(source, stream, span_of(""));
        for (size_t j = 0; variable && j < variable->list.count && ok; j++)
            ok = add_walk(source, stream, variable->list.items[j]);
        if (!ok)
            return error_no_memory(err);
    }
    source->current = 0;
    if (source->walk_count == 0)
        return error_set(err, ERROR_CONFIG,
                         "source %s: nothing to poll: give at least one "
                         "target (see connector %s)",
                         source->settings->id, connector->name);
    return true;
}
