#include "secret.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "file.h"
#include "redact.h"

enum { SECRET_MOST = 64 * 1024, SECRET_LEAST = 4 };

static bool
name_is_sound(struct span name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!isalnum((unsigned char)name.at[i]) && !strchr("_-.", name.at[i]))
            return false;
    return name.len > 0 && name.len < 100 && name.at[0] != '.';
}

/* *found tells whether the file is there; false: it is, and cannot be used. */
static bool
from_file(struct buffer *value, const char *folder, struct span name,
          bool private, bool *found, struct error *err)
{
    CLEANUP(buffer_done) struct buffer path = {0};
    buffer_printf(&path, "%s/%.*s", folder, SPAN_ARGS(name));
    if (!buffer_ok(&path))
        return error_no_memory(err);
    struct stat info;
    *found = stat(buffer_text(&path), &info) == 0;
    if (!*found)
        return true;
    /* systemd guards its credentials; a file of ours others must not read. */
    if (private && (info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return error_set(err, ERROR_CONFIG,
                         "%s: others can read this secret; run: chmod 600 %s",
                         buffer_text(&path), buffer_text(&path));
    return file_load(value, buffer_text(&path), SECRET_MOST, err);
}

static bool
from_environment(struct buffer *value, struct span name)
{
    char variable[128];
    snprintf(variable, sizeof(variable), "%.*s", SPAN_ARGS(name));
    const char *text = getenv(variable);
    for (size_t i = 0; !text && variable[i]; i++) {
        char c = variable[i];
        variable[i] =
            (char)(c == '-' || c == '.' ? '_' : toupper((unsigned char)c));
    }
    text = text ? text : getenv(variable);
    if (!text)
        return false;
    buffer_append_text(value, text);
    return true;
}

static bool
accept(struct buffer *value, struct span name, struct error *err)
{
    while (value->len && strchr("\r\n", value->bytes[value->len - 1]))
        value->bytes[--value->len] = '\0';
    if (!buffer_ok(value))
        return error_no_memory(err);
    if (value->len < SECRET_LEAST)
        return error_set(err, ERROR_CONFIG,
                         "the secret '%.*s' has fewer than %d bytes: it could "
                         "not be kept out of the log",
                         SPAN_ARGS(name), SECRET_LEAST);
    redact_add(buffer_span(value));
    return true;
}

bool
secret_find(struct buffer *value, struct span name, const char *const *folders,
            struct error *err)
{
    if (!name_is_sound(name))
        return error_set(err, ERROR_CONFIG,
                         "'%.*s' cannot be the name of a secret: use letters, "
                         "digits, _ and -",
                         SPAN_ARGS(name));
    bool found = false;
    const char *credentials = getenv("CREDENTIALS_DIRECTORY");
    if (credentials && !from_file(value, credentials, name, false, &found, err))
        return false;
    if (!found)
        found = from_environment(value, name);
    for (; !found && *folders; folders++)
        if (!from_file(value, *folders, name, true, &found, err))
            return false;
    if (!found)
        return error_set(err, ERROR_CONFIG,
                         "no secret '%.*s': give it as a systemd credential "
                         "(LoadCredential=), in the environment, or in a file "
                         "of that name with mode 0600 beside the configuration",
                         SPAN_ARGS(name));
    return accept(value, name, err);
}
