/*
 * message_id.h - what the post of a Kafka record is called when it has no id
 * of its own: by its key, or else by its place, "topic/partition/offset". So
 * two posts without id are two posts, and each is the same one when it is
 * read again.
 *
 * Threads: any. Ownership: the span points into the message or into `text`.
 */
#ifndef KAROOL_MESSAGE_ID_H
#define KAROOL_MESSAGE_ID_H

#include "kafka.h"
#include "span.h"

enum { MESSAGE_ID_SIZE = 320 }; /* a topic's name has at most 249 bytes */

struct span message_id(const struct kafka_message *message, const char *topic,
                       char text[MESSAGE_ID_SIZE]);

#endif
