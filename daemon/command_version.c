#include "command.h"

#include "byte_file.h"
#include "post_members.h"
#include "sha256.h"

/* Each library is asked through the one module that includes it. */
static const char *(*const libraries[])(void) = {
    post_members_library_version,
    sha256_library_version,
    byte_file_library_version,
    NULL,
};

void
command_version(struct buffer *out)
{
    buffer_append_text(out, "karool " KAROOL_VERSION "\n");
    for (size_t i = 0; libraries[i]; i++)
        buffer_printf(out, "%s\n", libraries[i]());
}
