/*
 * ingest.h - posts and cursors into Kafka: owns the fetcher and the thread
 * that joins the group on karool.cursors and builds transactions
 * (design, "Who polls what").
 *
 * Threads: every function may be called from any thread.
 */
#ifndef KAROOL_INGEST_H
#define KAROOL_INGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "broker.h"
#include "config.h"
#include "error.h"
#include "screen.h"
#include "source.h"

struct ingest;

struct ingest_counts {
    uint64_t posts, pages, transactions, aborts, rejected;
    bool assigned;     /* the group gave us partitions */
    bool held;         /* back-pressure */
    char trouble[256]; /* what it waits for, in words; "" when all is well */
};

/* `screen` (may be NULL) tells how far screening is, for back-pressure on the
 * embedded broker. */
MUST_USE struct ingest *ingest_new(struct config *config, struct broker *broker,
                                   struct screen *screen, struct error *err);
/* Finishes or abandons the open transaction; false: it still waits for Kafka
 * after deadline_ms. */
MUST_USE bool ingest_stop(struct ingest *ingest, int deadline_ms);
void ingest_free(struct ingest *ingest);
void ingest_freep(struct ingest **ingest);
MUST_USE bool ingest_configure(struct ingest *ingest, struct config *config,
                               struct error *err);
size_t ingest_reports(struct ingest *ingest, struct source_report *out,
                      size_t max);
void ingest_counts(struct ingest *ingest, struct ingest_counts *out);
/* A fatal error that the process should end with, or false. */
bool ingest_failed(struct ingest *ingest, struct error *err);

#endif
