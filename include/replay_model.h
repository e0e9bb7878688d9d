/*
 * replay_model.h - a replay as its files share it.
 *
 * replay.c reads and screens; replay_plan.c decides which records, and finds
 * the plan of a replay that was interrupted; replay_output.c is where the
 * events go, and what stands there already.
 */
#ifndef KAROOL_REPLAY_MODEL_H
#define KAROOL_REPLAY_MODEL_H

#include "buffer.h"
#include "id_set.h"
#include "kafka.h"
#include "replay.h"
#include "screener.h"

enum {
    REPLAY_REQUEST_MS = 10000,
    REPLAY_BATCH_MS = 1000,
    REPLAY_BATCH_EVENTS = 2000,
    REPLAY_BATCH_RECORDS = 200 * 1000,
    REPLAY_REFUSED_MOST = 64,
};

/* One partition's stretch, [start, end); `next` is committed or comes next. */
struct replay_part {
    int64_t start, next, end;
    bool finished;
};

struct replay_plan {
    struct replay_part *parts;
    unsigned count;
    int64_t from_ms, to_ms;
    bool resumed;
};

struct replay_event {
    struct kafka_delivery delivery;
    int32_t partition;
    int64_t offset;
};

struct replay {
    const struct replay_options *options;
    struct matcher *matcher;
    struct kafka_settings settings;
    struct buffer group;
    struct replay_plan plan;
    struct kafka_consumer *consumer;
    struct kafka_producer *producer; /* NULL: to standard output */
    struct screener *screener;
    struct id_set *known; /* ids of events that stand in the output */
    unsigned partitions;  /* of posts */
    unsigned output_partitions;
    struct replay_event *events; /* of the open transaction */
    size_t event_count;
    uint64_t batch_records;
    bool batch_open;
    int64_t committed_ms;         /* monotonic; the last time */
    struct replay_counts pending; /* of the open transaction */
    struct replay_counts counts;  /* committed */
    struct {
        int32_t partition;
        int64_t offset;
    } refused[REPLAY_REFUSED_MOST]; /* posts whose event Kafka will never take
                                     */
    size_t refused_count;
    int64_t started_ms, shown_ms;
    bool output_gone; /* the reader of standard output went away */
};

/* replay_plan.c */
/* `anew`: whatever was interrupted before. */
MUST_USE bool replay_plan_make(struct replay *replay, bool anew,
                               struct error *err);
/* One after the last record that is decided, of each partition. */
MUST_USE bool replay_plan_ends(struct kafka_consumer *consumer,
                               struct kafka_offset *offsets, size_t count,
                               struct error *err);
void replay_plan_done(struct replay_plan *plan);
/* What stands beside each offset in the group. */
void replay_plan_note(const struct replay *replay, unsigned partition,
                      bool done, struct kafka_note *note);
uint64_t replay_plan_records(const struct replay_plan *plan, uint64_t *read);
bool replay_plan_finished(const struct replay_plan *plan);
/* replay_output.c */
MUST_USE bool replay_output_open(struct replay *replay, struct error *err);
/* Reads the ids of what stands in the output topic. */
MUST_USE bool replay_output_known(struct replay *replay, struct error *err);
MUST_USE bool replay_output_event(struct replay *replay,
                                  const struct kafka_message *message,
                                  const struct screened *screened,
                                  struct error *err);
bool replay_output_due(const struct replay *replay);
/* Events and offsets; `done` ends the plan. */
MUST_USE bool replay_output_commit(struct replay *replay, bool done,
                                   struct error *err);
/* replay.c */
bool replay_stopping(const struct replay *replay);

#endif
