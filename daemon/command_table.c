#include "command.h"

/* In the order of the help: what runs, what checks, what looks. */
const struct command *const command_table[] = {
    &command_run,     &command_check, &command_test, &command_scan,
    &command_explain, &command_poll,  &command_tail, &command_replay,
    &command_reload,  NULL,
};
