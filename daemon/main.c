#include <locale.h>
#include <signal.h>

#include "command.h"

int
main(int argc, char **argv)
{
    /* For what the C library prints; numbers stay as C writes them. */
    setlocale(LC_CTYPE, "C.UTF-8");
    /* A closed pipe or socket is an error of its write, not a death. */
    signal(SIGPIPE, SIG_IGN);
    return command_main(argc, argv);
}
