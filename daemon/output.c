#include "output.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* The process has one standard output. 0: all was written so far. */
static int failure;

bool
output_write(struct span bytes)
{
    while (!failure && bytes.len) {
        ssize_t written = write(STDOUT_FILENO, bytes.at, bytes.len);
        if (written >= 0)
            bytes = span_from(bytes, (size_t)written);
        else if (errno != EINTR)
            failure = errno;
    }
    return !failure;
}

bool
output_finish(struct error *err)
{
    if (!failure || failure == EPIPE)
        return true;
    return error_set(err, ERROR_FATAL, "cannot write to standard output: %s",
                     strerror(failure));
}
