#include "request.h"

struct span
response_header(const struct response *response, const char *name)
{
    for (size_t i = 0; i < response->header_count; i++)
        if (span_is(response->headers[i].name, name))
            return response->headers[i].value;
    return SPAN_NONE;
}
