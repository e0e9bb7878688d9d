/*
 * A configuration: refused with errors in words, or one whose sources have
 * ids and connectors, and whose names and numbers are within their limits.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "config.h"
#include "utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[] = "/tmp/karool-fuzz-XXXXXX";
static char path[64], connectors[64];

static void
require(bool truth)
{
    if (!truth)
        abort();
}

static void
remove_folder(void)
{
    unlink(path);
    unlink(connectors);
    rmdir(folder);
}

/* The connectors are those of the source tree. */
static void
make_folder(void)
{
    require(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/karool.yaml", folder);
    snprintf(connectors, sizeof(connectors), "%s/connectors", folder);
    require(symlink(SOURCE_FOLDER "/config/connectors", connectors) == 0);
    require(atexit(remove_folder) == 0);
}

static void
write_config(const uint8_t *data, size_t size)
{
    FILE *file = fopen(path, "w");
    require(file && fwrite(data, 1, size, file) == size && fclose(file) == 0);
}

static void
check_config(const struct config *config)
{
    require(config->campaign && config->campaign[0] && config->connectors);
    require(config->embedded || config->brokers);
    require(config->partitions > 0 && config->dedupe_window_ms >= 0);
    for (size_t i = 0; i < config->source_count; i++) {
        const struct source_config *source = &config->sources[i];
        require(source->connector && source->every_ms > 0);
        require(source->id && source->id[0] && !strchr(source->id, '/'));
        require(config_source(config, span_of(source->id)) == source);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!path[0])
        make_folder();
    write_config(data, size);
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    require(diagnostics);
    const struct config_options options = {.secrets = false};
    CLEANUP(config_unrefp)
    struct config *config = config_load(path, &options, diagnostics);
    require(!config == (diagnostics_errors(diagnostics) > 0));
    CLEANUP(buffer_done) struct buffer report = {0};
    diagnostics_write(diagnostics, &report, false);
    require(buffer_ok(&report) && utf8_clean(buffer_span(&report)));
    if (config)
        check_config(config);
    return 0;
}
