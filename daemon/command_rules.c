#include "command_rules.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "command.h"
#include "config.h"
#include "ruleset.h"

/* Where the demo's rules are, seen from the folder of the running program:
 * built in build/PRESET/ of the source tree, or installed under any prefix. */
static const char *const demo_places[] = {"/../../config/demo/rules",
                                          "/../share/karool/demo/rules"};

static bool
folder_of_config(const char *path, struct buffer *out, struct error *err)
{
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    if (!diagnostics)
        return error_no_memory(err);
    const struct config_options options = {.secrets = false};
    CLEANUP(config_unrefp)
    struct config *config = config_load(path, &options, diagnostics);
    if (!config) {
        command_report(diagnostics);
        return error_set(err, ERROR_CONFIG,
                         "%s has errors; -r DIR names a folder of rules "
                         "without it",
                         path);
    }
    buffer_append_text(out, config->rules);
    return buffer_ok(out) || error_no_memory(err);
}

/* The folder of the running program; nothing when it cannot be told. Where
 * /proc is not mounted (a bare chroot), as the kernel was asked to run it. */
static void
program_folder(struct buffer *out)
{
    char path[PATH_MAX];
    if (!realpath("/proc/self/exe", path) &&
        !realpath((const char *)getauxval(AT_EXECFN), path))
        return;
    const char *slash = strrchr(path, '/');
    buffer_append(out, path, slash ? (size_t)(slash - path) : 0);
}

static bool
demo_folder(struct buffer *out)
{
    char folder[PATH_MAX];
    for (size_t i = 0; i < COUNT_OF(demo_places); i++) {
        buffer_clear(out);
        program_folder(out);
        buffer_append_text(out, demo_places[i]);
        if (buffer_ok(out) && realpath(buffer_text(out), folder)) {
            buffer_clear(out);
            buffer_append_text(out, folder);
            return buffer_ok(out);
        }
    }
    return false;
}

bool
command_rules_folder(const struct arguments *arguments, unsigned flags,
                     struct buffer *out, struct error *err)
{
    const char *folder = arguments_value(arguments, "rules");
    if (folder) {
        buffer_append_text(out, folder);
        return buffer_ok(out) || error_no_memory(err);
    }
    const char *config = command_config_path(arguments);
    if (arguments_has(arguments, "config") || !access(config, R_OK))
        return folder_of_config(config, out, err);
    if (flags & RULES_DEMO && demo_folder(out)) {
        fprintf(stderr,
                "karool: using the demo's rules in %s; -r DIR takes "
                "others\n",
                buffer_text(out));
        return true;
    }
    return error_set(err, ERROR_CONFIG,
                     "no rules: there is no %s; name a folder of rules with "
                     "-r DIR, or a configuration with -c FILE",
                     config);
}

struct matcher *
command_rules(const struct arguments *arguments, unsigned flags,
              struct error *err)
{
    CLEANUP(buffer_done) struct buffer folder = {0};
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    if (!diagnostics) {
        error_no_memory(err);
        return NULL;
    }
    if (!command_rules_folder(arguments, flags, &folder, err))
        return NULL;
    struct matcher *matcher =
        flags & RULES_NO_EXAMPLES
            ? ruleset_build(buffer_text(&folder), diagnostics, err)
            : ruleset_compile(buffer_text(&folder), diagnostics, err);
    command_report(diagnostics);
    return matcher;
}
