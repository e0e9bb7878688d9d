#include "fetcher_inbox.h"

#include <pthread.h>
#include <stdlib.h>

struct fetcher_inbox {
    pthread_mutex_t lock; /* guards everything below */
    struct fetcher_order *first, **end;
    struct fetcher_order *spare;
};

struct fetcher_inbox *
fetcher_inbox_new(struct error *err)
{
    struct fetcher_inbox *inbox = calloc(1, sizeof(*inbox));
    if (!inbox || pthread_mutex_init(&inbox->lock, NULL) != 0) {
        free(inbox);
        error_no_memory(err);
        return NULL;
    }
    inbox->end = &inbox->first;
    return inbox;
}

static void
free_list(struct fetcher_order *order)
{
    while (order) {
        struct fetcher_order *next = order->next;
        fetcher_order_free(order);
        order = next;
    }
}

void
fetcher_inbox_free(struct fetcher_inbox *inbox)
{
    if (!inbox)
        return;
    free_list(inbox->first);
    free_list(inbox->spare);
    pthread_mutex_destroy(&inbox->lock);
    free(inbox);
}

struct fetcher_order *
fetcher_order_new(enum fetcher_order_kind kind, struct error *err)
{
    CLEANUP(fetcher_order_freep)
    struct fetcher_order *order = calloc(1, sizeof(*order));
    if (!order || !(order->arena = arena_new())) {
        error_no_memory(err);
        return NULL;
    }
    order->kind = kind;
    return TAKE(order);
}

void
fetcher_order_free(struct fetcher_order *order)
{
    if (!order)
        return;
    for (size_t i = 0; i < order->plan_count; i++)
        poller_free(order->plans[i].fresh);
    arena_free(order->arena);
    free(order);
}

void
fetcher_order_freep(struct fetcher_order **order)
{
    fetcher_order_free(*order);
}

void
fetcher_order_partitions(struct fetcher_order *order, const int32_t *partitions,
                         size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (partitions[i] >= 0 && partitions[i] < CURSOR_PARTITIONS)
            order->partitions[partitions[i]] = true;
}

bool
fetcher_order_records(struct fetcher_order *order,
                      const struct cursor_record *records, size_t count,
                      struct error *err)
{
    order->records =
        arena_alloc(order->arena, (count + 1) * sizeof(*order->records));
    for (size_t i = 0; order->records && i < count; i++) {
        struct cursor_record *record = &order->records[i];
        *record = records[i];
        record->key.at = arena_copy(order->arena, records[i].key);
        if (records[i].value.at)
            record->value.at = arena_copy(order->arena, records[i].value);
        if (!record->key.at || !record->value.at != !records[i].value.at)
            return error_no_memory(err);
    }
    order->record_count = count;
    return order->records || error_no_memory(err);
}

void
fetcher_inbox_put(struct fetcher_inbox *inbox, struct fetcher_order *order)
{
    order->next = NULL;
    pthread_mutex_lock(&inbox->lock);
    *inbox->end = order;
    inbox->end = &order->next;
    pthread_mutex_unlock(&inbox->lock);
}

struct fetcher_order *
fetcher_inbox_take(struct fetcher_inbox *inbox)
{
    pthread_mutex_lock(&inbox->lock);
    struct fetcher_order *order = inbox->first;
    if (order) {
        inbox->first = order->next;
        if (!inbox->first)
            inbox->end = &inbox->first;
    }
    pthread_mutex_unlock(&inbox->lock);
    return order;
}

bool
fetcher_inbox_expect(struct fetcher_inbox *inbox, struct error *err)
{
    struct fetcher_order *order = calloc(1, sizeof(*order));
    if (!order)
        return error_no_memory(err);
    pthread_mutex_lock(&inbox->lock);
    order->next = inbox->spare;
    inbox->spare = order;
    pthread_mutex_unlock(&inbox->lock);
    return true;
}

struct fetcher_order *
fetcher_inbox_expected(struct fetcher_inbox *inbox,
                       enum fetcher_order_kind kind)
{
    pthread_mutex_lock(&inbox->lock);
    struct fetcher_order *order = inbox->spare;
    if (order)
        inbox->spare = order->next;
    pthread_mutex_unlock(&inbox->lock);
    if (order)
        order->kind = kind;
    return order;
}
