/*
 * fetcher_board.h - the reports of all sources, for everybody to read.
 *
 * Threads: one writes, any read. Ownership: the texts in a report live as
 * long as the board, also when their configuration is gone. Private to the
 * fetcher.
 */
#ifndef KAROOL_FETCHER_BOARD_H
#define KAROOL_FETCHER_BOARD_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "poller.h"
#include "source.h"

struct fetcher_board;

MUST_USE struct fetcher_board *fetcher_board_new(struct error *err);
void fetcher_board_free(struct fetcher_board *board);
/* Shows what these sources report now. */
MUST_USE bool fetcher_board_write(struct fetcher_board *board,
                                  struct poller *const *pollers, size_t count,
                                  struct error *err);
/* A former id whose cursor some source waits for, or NULL. */
const char *fetcher_board_wanted(struct fetcher_board *board);
/* Copies at most `max` reports; returns how many there are. */
size_t fetcher_board_read(struct fetcher_board *board,
                          struct source_report *out, size_t max);

#endif
