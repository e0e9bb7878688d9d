/*
 * A network's file: errors in words, or a connector with a name, a digest and
 * variables that are declared whole.
 */
#include <stdint.h>
#include <stdlib.h>

#include "connector.h"
#include "utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool truth)
{
    if (!truth)
        abort();
}

static void
check_connector(const struct connector *connector)
{
    size_t count;
    const struct variable_declaration *variables =
        connector_variables(connector, &count);
    require(strcmp(connector_name(connector), "fuzzed") == 0);
    require(connector_digest(connector).len > 0);
    for (size_t i = 0; i < count; i++) {
        require(variables[i].name && variables[i].name[0]);
        require(variables[i].type >= VARIABLE_TEXT &&
                variables[i].type <= VARIABLE_MAP);
        require(variables[i].type != VARIABLE_CHOICE || variables[i].choices);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(diagnostics_freep)
    struct diagnostics *diagnostics = diagnostics_new();
    require(diagnostics);
    struct connectors *connectors = connectors_load_text(
        "fuzzed", (struct span){(const char *)data, size}, diagnostics);
    bool errors = diagnostics_errors(diagnostics) > 0;
    require(!connectors == errors);
    CLEANUP(buffer_done) struct buffer report = {0};
    diagnostics_write(diagnostics, &report, false);
    require(buffer_ok(&report) && utf8_clean(buffer_span(&report)));
    if (connectors) {
        const struct connector *connector =
            connectors_get(connectors, span_of("fuzzed"));
        require(connector);
        check_connector(connector);
    }
    connectors_free(connectors);
    return 0;
}
