#include "post_head.h"

#include <stdlib.h>

#include "json_string.h"

void
post_head_done(struct post_head *head)
{
    free(head->members);
    buffer_done(&head->out);
    *head = (struct post_head){0};
}

void
post_head_clear(struct post_head *head)
{
    head->count = 0;
    head->rewrite = false;
}

bool
post_head_add(struct post_head *head, struct post_member member,
              struct error *err)
{
    if (head->count == head->capacity) {
        size_t capacity = head->capacity ? head->capacity * 2 : 64;
        void *members =
            reallocarray(head->members, capacity, sizeof(*head->members));
        if (!members)
            return error_no_memory(err);
        head->members = members;
        head->capacity = capacity;
    }
    head->rewrite |= member.drop || member.quote;
    head->members[head->count++] = member;
    return true;
}

void
post_head_drop(struct post_head *head, size_t place)
{
    head->members[place].drop = head->rewrite = true;
}

static void
append_member(struct post_head *head, const struct post_member *member,
              struct span record, bool sound)
{
    size_t key_end = member->quote ? member->value : member->end;
    struct span parts[2] = {
        {record.at + member->start, key_end - member->start},
        {record.at + key_end, member->end - key_end},
    };
    for (int i = 0; i < 2; i++) {
        if (i == 1 && member->quote)
            buffer_append_byte(&head->out, '"');
        if (sound)
            buffer_append_span(&head->out, parts[i]);
        else
            json_string_mend(&head->out, parts[i]);
        if (i == 1 && member->quote)
            buffer_append_byte(&head->out, '"');
    }
}

bool
post_head_make(struct post_head *head, struct span record, bool sound,
               bool repaired, struct span *out, struct error *err)
{
    buffer_clear(&head->out);
    buffer_append_byte(&head->out, '{');
    if (head->count && !head->rewrite && sound && !repaired) {
        size_t start = head->members[0].start;
        size_t end = head->members[head->count - 1].end;
        buffer_append(&head->out, record.at + start, end - start);
    } else {
        for (size_t i = 0; i < head->count; i++) {
            if (head->members[i].drop ||
                (repaired && head->members[i].is_repaired))
                continue;
            if (head->out.len > 1)
                buffer_append_byte(&head->out, ',');
            append_member(head, &head->members[i], record, sound);
        }
        if (repaired)
            buffer_append_text(&head->out, ",\"repaired\":true");
    }
    buffer_append_byte(&head->out, '}');
    *out = buffer_span(&head->out);
    return buffer_ok(&head->out) || error_no_memory(err);
}
