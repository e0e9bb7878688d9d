#include "explanation.h"

#include "flagged_event.h"
#include "json.h"

static void
write_text(struct json_writer *writer, const char *key, const char *text)
{
    json_key(writer, key);
    json_string_or_null(writer, span_of(text));
}

static void
write_pair(struct json_writer *writer, const char *key, const size_t pair[2])
{
    json_key(writer, key);
    json_open_array(writer);
    json_integer(writer, (int64_t)pair[0]);
    json_integer(writer, (int64_t)pair[1]);
    json_close_array(writer);
}

static const char *
outcome_id(enum candidate_outcome outcome)
{
    static const char *const ids[] = {
        [CANDIDATE_COUNTED] = "counted",
        [CANDIDATE_HELPER] = "helper",
        [CANDIDATE_BOUNDARY] = "boundary",
        [CANDIDATE_ENDING] = "ending",
        [CANDIDATE_EXCEPTED] = "excepted",
        [CANDIDATE_DISGUISE_OFF] = "disguise-off",
        [CANDIDATE_IMPLAUSIBLE] = "implausible",
        [CANDIDATE_LANGUAGE] = "language",
        [CANDIDATE_SOFTENED] = "softened",
        [CANDIDATE_INCOMPLETE] = "incomplete",
    };
    return (size_t)outcome < COUNT_OF(ids) ? ids[outcome] : NULL;
}

static void
write_candidate(struct json_writer *writer, struct span text,
                const struct candidate *candidate)
{
    const size_t *bytes = candidate->extent.bytes;
    json_open_object(writer);
    write_text(writer, "entry",
               candidate->term ? candidate->term->id : candidate->rule->id);
    write_text(writer, "kind", candidate->term ? "term" : "rule");
    json_key(writer, "text");
    json_string(writer, (struct span){text.at + bytes[0], bytes[1] - bytes[0]});
    write_pair(writer, "span", candidate->extent.code_points);
    write_pair(writer, "utf16", candidate->extent.utf16);
    write_pair(writer, "bytes", bytes);
    write_text(writer, "form", match_form_name(candidate->form));
    json_key(writer, "through");
    json_open_array(writer);
    for (unsigned bit = 0; bit < DISGUISE_COUNT; bit++)
        if (candidate->through & 1u << bit)
            json_cstring(writer, disguise_name(bit));
    json_close_array(writer);
    write_text(writer, "outcome", outcome_id(candidate->outcome));
    write_text(writer, "detail", candidate->detail);
    json_close_object(writer);
}

bool
explanation_write_json(const struct explainer *explainer, struct buffer *out,
                       struct error *err)
{
    CLEANUP(json_writer_freep)
    struct json_writer *writer = json_writer_new(out);
    if (!writer)
        return error_no_memory(err);
    const struct post post = {.text = explainer->text};
    const struct flagged_event event = {
        .post = &post,
        .matches = &explainer->matches,
        .rules = matcher_rules(explainer->matcher),
    };
    json_open_object(writer);
    json_key(writer, "text");
    json_string(writer, explainer->text);
    json_key(writer, "repaired");
    json_bool(writer, explainer->repaired);
    json_key(writer, "normalised");
    json_string(writer, explainer->view.letters);
    json_key(writer, "origins");
    json_open_array(writer);
    for (size_t i = 0; i < explainer->view.count; i++)
        json_integer(writer, explainer->view.origins[i]);
    json_close_array(writer);
    flagged_event_write_matches(writer, &event);
    json_key(writer, "considered");
    json_open_array(writer);
    for (size_t i = 0; i < explainer->candidate_count; i++)
        write_candidate(writer, explainer->text, &explainer->candidates[i]);
    json_close_array(writer);
    json_close_object(writer);
    buffer_append_byte(out, '\n');
    return buffer_ok(out) || error_no_memory(err);
}
