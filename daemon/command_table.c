#include "command.h"

#include <stddef.h>

/* In the order of the help: what runs, what checks, what looks. */
const struct command *const command_table[] = {
    NULL,
};
