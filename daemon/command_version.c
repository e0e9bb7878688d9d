#include "command.h"

#include "alphabet.h"
#include "broker.h"
#include "byte_file.h"
#include "html_text.h"
#include "http_client.h"
#include "matcher_model.h"
#include "post_members.h"
#include "service.h"
#include "sha256.h"
#include "yaml_tree.h"

/* Each library is asked through the one module that includes it. */
static const char *(*const libraries[])(void) = {
    broker_library_version,
    database_library_version,
    http_client_library_version,
    post_members_library_version,
    yaml_library_version,
    html_text_library_version,
    alphabet_library_version,
    sha256_library_version,
    byte_file_library_version,
    service_library_version,
    NULL,
};

void
command_version(struct buffer *out)
{
    buffer_append_text(out, "karool " KAROOL_VERSION "\n");
    for (size_t i = 0; libraries[i]; i++)
        buffer_printf(out, "%s\n", libraries[i]());
}
