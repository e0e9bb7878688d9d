#include "message_id.h"

#include <stdio.h>

struct span
message_id(const struct kafka_message *message, const char *topic,
           char text[MESSAGE_ID_SIZE])
{
    if (message->key.len)
        return message->key;
    snprintf(text, MESSAGE_ID_SIZE, "%s/%d/%lld", topic,
             (int)message->partition, (long long)message->offset);
    return span_of(text);
}
