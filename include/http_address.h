/*
 * http_address.h - is an address one that anybody on the internet may have?
 *
 * Not: loopback, private (RFC 1918, RFC 4193), link-local, carrier NAT
 * (100.64/10), multicast, documentation and the other special ranges of the
 * IANA registries; nor a v6 address that only wraps such a v4 address.
 *
 * Threads: any.
 */
#ifndef KAROOL_HTTP_ADDRESS_H
#define KAROOL_HTTP_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

#include "cleanup.h"

#define HTTP_ADDRESS_TEXT_SIZE 64

MUST_USE bool http_address_public(const struct sockaddr *address);
/* Is this host of a URL an address that is not public, or localhost? What
 * other names stand for only their resolution tells. */
MUST_USE bool http_address_text_local(const char *host);
/* For messages. */
void http_address_format(const struct sockaddr *address,
                         char out[HTTP_ADDRESS_TEXT_SIZE]);

#endif
