#include "fetcher_board.h"

#include <pthread.h>
#include <stdlib.h>

#include "arena.h"
#include "map.h"

struct fetcher_board {
    pthread_mutex_t lock; /* guards shown, count, capacity, wanted */
    const char *wanted;
    struct source_report *shown;
    size_t count, capacity;
    /* The writer's own: */
    struct source_report *next;
    size_t next_capacity;
    struct map *texts; /* to their copies in the arena */
    struct arena *arena;
};

struct fetcher_board *
fetcher_board_new(struct error *err)
{
    struct fetcher_board *board = calloc(1, sizeof(*board));
    if (!board || pthread_mutex_init(&board->lock, NULL) != 0) {
        free(board);
        error_no_memory(err);
        return NULL;
    }
    board->arena = arena_new();
    board->texts = map_new();
    if (board->arena && board->texts)
        return board;
    fetcher_board_free(board);
    error_no_memory(err);
    return NULL;
}

void
fetcher_board_free(struct fetcher_board *board)
{
    if (!board)
        return;
    pthread_mutex_destroy(&board->lock);
    free(board->shown);
    free(board->next);
    map_free(board->texts);
    arena_free(board->arena);
    free(board);
}

/* The same text, for as long as the board lives. */
static bool
keep_text(struct fetcher_board *board, const char **text)
{
    char *kept = map_get(board->texts, span_of(*text));
    if (!kept) {
        kept = arena_copy(board->arena, span_of(*text));
        if (!kept || !map_set(board->texts, span_of(*text), kept))
            return false;
    }
    *text = kept;
    return true;
}

bool
fetcher_board_write(struct fetcher_board *board, struct poller *const *pollers,
                    size_t count, struct error *err)
{
    if (count > board->next_capacity) {
        struct source_report *larger =
            realloc(board->next, count * sizeof(*larger));
        if (!larger)
            return error_no_memory(err);
        board->next = larger;
        board->next_capacity = count;
    }
    const char *wanted = NULL;
    for (size_t i = 0; i < count; i++) {
        struct source_report *report = &board->next[i];
        const char *former = poller_wanted(pollers[i]);
        if (former && !keep_text(board, &former))
            return error_no_memory(err);
        wanted = wanted ? wanted : former;
        *report = (struct source_report){0};
        source_report(pollers[i]->source, report);
        if (!keep_text(board, &report->id) ||
            !keep_text(board, &report->connector))
            return error_no_memory(err);
    }
    pthread_mutex_lock(&board->lock);
    struct source_report *old = board->shown;
    size_t old_capacity = board->capacity;
    board->wanted = wanted;
    board->shown = board->next;
    board->count = count;
    board->capacity = board->next_capacity;
    pthread_mutex_unlock(&board->lock);
    board->next = old;
    board->next_capacity = old_capacity;
    return true;
}

const char *
fetcher_board_wanted(struct fetcher_board *board)
{
    pthread_mutex_lock(&board->lock);
    const char *wanted = board->wanted;
    pthread_mutex_unlock(&board->lock);
    return wanted;
}

size_t
fetcher_board_read(struct fetcher_board *board, struct source_report *out,
                   size_t max)
{
    pthread_mutex_lock(&board->lock);
    size_t count = board->count;
    size_t copied = count < max ? count : max;
    if (copied)
        memcpy(out, board->shown, copied * sizeof(*out));
    pthread_mutex_unlock(&board->lock);
    return count;
}
