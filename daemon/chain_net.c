#include <stdlib.h>
#include <string.h>

#include "chain_model.h"
#include "utf8.h"

/* A place in a word, packed: the key of its point. */
struct chain_at {
    size_t slot;
    struct chain_context context;
    enum chain_mode mode;
    unsigned kind;
    bool negative;
};

static uint64_t
pack(const struct chain_at *at)
{
    return (uint64_t)at->slot << 32 | (uint64_t)at->context.vowel << 26 |
           (uint64_t)at->context.last << 20 |
           (uint64_t)at->context.after_vowel << 19 |
           (uint64_t)at->context.several << 18 | (uint64_t)at->mode << 12 |
           (uint64_t)at->kind << 4 | at->negative;
}

static struct chain_at
unpack(uint64_t key)
{
    return (struct chain_at){
        .slot = key >> 32,
        .context = {.vowel = key >> 26 & 63,
                    .last = key >> 20 & 63,
                    .after_vowel = key >> 19 & 1,
                    .several = key >> 18 & 1},
        .mode = key >> 12 & 63,
        .kind = key >> 4 & 255,
        .negative = key & 1,
    };
}

static bool
wait(struct chain_builder *builder, uint64_t key)
{
    if (builder->waiting_count == builder->waiting_capacity) {
        size_t wanted =
            builder->waiting_capacity ? 2 * builder->waiting_capacity : 1024;
        void *grown = realloc(builder->waiting, wanted * sizeof(key));
        if (!grown)
            return false;
        builder->waiting = grown;
        builder->waiting_capacity = wanted;
    }
    builder->waiting[builder->waiting_count++] = key;
    return true;
}

static uint32_t
point_of(struct chain_builder *builder, const struct chain_at *at)
{
    uint64_t key = pack(at);
    struct span bytes = {(const char *)&key, sizeof(key)};
    uintptr_t known = (uintptr_t)map_get(builder->points, bytes);
    if (known)
        return (uint32_t)(known - 1);
    uint32_t point = ending_net_point(builder->loader->net);
    if (!map_set(builder->points, bytes, (void *)((uintptr_t)point + 1)) ||
        !wait(builder, key))
        builder->loader->no_memory = true;
    return point;
}

uint32_t
chain_point(struct chain_builder *builder, size_t slot,
            struct chain_context context, enum chain_mode mode)
{
    struct chain_at at = {slot, context, mode, KIND_PLAIN, false};
    return point_of(builder, &at);
}

static void
relabel(struct chain_at *at, struct chain_label label)
{
    if (label.kind)
        at->kind = label.kind;
    if (label.positive)
        at->negative = false;
    if (label.turns)
        at->negative = !at->negative;
}

/* From a point by letters to a place, with the last letter as each mode that
 * fits has it. */
static void
join_suffix(struct chain_builder *builder, uint32_t from,
            const uint32_t *letters, size_t len, struct chain_at to)
{
    const struct chain_sounds *sounds = &builder->chain->sounds;
    struct ending_net *net = builder->loader->net;
    struct chain_context context =
        chain_context_of(sounds, &to.context, letters, len);
    for (int mode = 0; mode < CHAIN_MODES; mode++) {
        uint32_t changed[CHAIN_REALISED + 4];
        to.context = context;
        to.mode = mode;
        size_t changed_len =
            chain_change(sounds, mode, letters, len, changed, &to.context);
        if (changed_len == SIZE_MAX)
            continue;
        for (size_t i = 0; i < changed_len; i++)
            changed[i] = utf8_fold(changed[i]);
        uint32_t target = point_of(builder, &to);
        uint32_t end = ending_net_path(net, from, changed,
                                       changed_len ? changed_len - 1 : 0);
        ending_net_join(net, end, changed_len ? changed[changed_len - 1] : 0,
                        target);
    }
}

static void
join_step(struct chain_builder *builder, uint32_t point,
          const struct chain_step *step, const struct chain_at *at)
{
    struct ending_net *net = builder->loader->net;
    struct chain_at to = *at;
    uint32_t letters[CHAIN_REALISED];
    relabel(&to, step->label);
    if (step->ends) {
        if (at->mode == MODE_PLAIN)
            ending_net_end(net, point,
                           to.kind << (to.negative ? KIND_NEGATIVE_SHIFT : 0));
        return;
    }
    size_t len = step->empty
                     ? 0
                     : suffix_realise(&builder->chain->sounds, &step->pattern,
                                      at->context, at->mode, letters);
    for (size_t i = 0; len != SIZE_MAX && i < step->slot_count; i++) {
        to.slot = step->slots[i];
        if (step->empty) {
            to.mode = at->mode;
            ending_net_join(net, point, 0, point_of(builder, &to));
        } else if (len == 0) { /* a mark has said it all */
            to.mode = MODE_PLAIN;
            ending_net_join(net, point, 0, point_of(builder, &to));
        } else {
            join_suffix(builder, point, letters, len, to);
        }
    }
}

void
chain_join_all(struct chain_builder *builder)
{
    while (builder->waiting_count && !builder->loader->no_memory &&
           !ending_net_too_large(builder->loader->net)) {
        uint64_t key = builder->waiting[--builder->waiting_count];
        struct chain_at at = unpack(key);
        uint32_t point = point_of(builder, &at);
        const struct chain_slot *slot = &builder->chain->slots[at.slot];
        for (size_t i = 0; i < slot->step_count; i++)
            join_step(builder, point, &slot->steps[i], &at);
    }
}
