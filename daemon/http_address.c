#include "http_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct v4_range {
    unsigned char prefix[4];
    unsigned bits;
};

/* IANA IPv4 Special-Purpose Address Registry, and multicast. */
static const struct v4_range v4_special[] = {
    {{0, 0, 0, 0}, 8},      {{10, 0, 0, 0}, 8},     {{100, 64, 0, 0}, 10},
    {{127, 0, 0, 0}, 8},    {{169, 254, 0, 0}, 16}, {{172, 16, 0, 0}, 12},
    {{192, 0, 0, 0}, 24},   {{192, 0, 2, 0}, 24},   {{192, 88, 99, 0}, 24},
    {{192, 168, 0, 0}, 16}, {{198, 18, 0, 0}, 15},  {{198, 51, 100, 0}, 24},
    {{203, 0, 113, 0}, 24}, {{224, 0, 0, 0}, 4},    {{240, 0, 0, 0}, 4},
};

struct v6_range {
    unsigned char prefix[8];
    unsigned bits;
};

/* Of IPv6 only 2000::/3 is given out; these are the exceptions in it. */
static const struct v6_range v6_special[] = {
    {{0x20, 0x01, 0x00}, 23},       /* IETF protocols, Teredo */
    {{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation */
    {{0x3f, 0xff, 0x00}, 20},       /* documentation */
};

static bool
in_prefix(const unsigned char *address, const unsigned char *prefix,
          unsigned bits)
{
    size_t bytes = bits / 8;
    if (memcmp(address, prefix, bytes) != 0)
        return false;
    unsigned rest = bits % 8;
    unsigned mask = 0xffu << (8 - rest) & 0xffu;
    return rest == 0 || (address[bytes] & mask) == (prefix[bytes] & mask);
}

static bool
v4_public(const unsigned char address[4])
{
    for (size_t i = 0; i < COUNT_OF(v4_special); i++)
        if (in_prefix(address, v4_special[i].prefix, v4_special[i].bits))
            return false;
    return true;
}

static bool
v6_public(const unsigned char address[16])
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    static const unsigned char nat64[12] = {0x00, 0x64, 0xff, 0x9b};
    static const unsigned char six_to_four[2] = {0x20, 0x02};
    if (in_prefix(address, mapped, 96) || in_prefix(address, nat64, 96))
        return v4_public(address + 12);
    if (in_prefix(address, six_to_four, 16))
        return v4_public(address + 2);
    if ((address[0] & 0xe0) != 0x20)
        return false;
    for (size_t i = 0; i < COUNT_OF(v6_special); i++)
        if (in_prefix(address, v6_special[i].prefix, v6_special[i].bits))
            return false;
    return true;
}

bool
http_address_public(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof(v4));
        return v4_public((const unsigned char *)&v4.sin_addr);
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof(v6));
        return v6_public(v6.sin6_addr.s6_addr);
    }
    return false;
}

bool
http_address_text_local(const char *host)
{
    char text[HTTP_ADDRESS_TEXT_SIZE];
    size_t len = strlen(host);
    bool bracketed = len > 2 && host[0] == '[' && host[len - 1] == ']';
    int wanted = snprintf(text, sizeof(text), "%.*s",
                          (int)(bracketed ? len - 2 : len), host + bracketed);
    unsigned char bytes[16];
    if (wanted > 0 && (size_t)wanted < sizeof(text)) {
        text[strcspn(text, "%")] = '\0'; /* the zone of a v6 address */
        if (inet_pton(AF_INET, text, bytes) == 1)
            return !v4_public(bytes);
        if (inet_pton(AF_INET6, text, bytes) == 1)
            return !v6_public(bytes);
    }
    static const char name[] = "localhost";
    size_t name_len = sizeof(name) - 1;
    if (len > 0 && host[len - 1] == '.')
        len--;
    return len >= name_len &&
           strncasecmp(host + len - name_len, name, name_len) == 0 &&
           (len == name_len || host[len - name_len - 1] == '.');
}

void
http_address_format(const struct sockaddr *address,
                    char out[HTTP_ADDRESS_TEXT_SIZE])
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    const char *text = NULL;
    if (address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof(v4));
        text = inet_ntop(AF_INET, &v4.sin_addr, out, HTTP_ADDRESS_TEXT_SIZE);
    } else if (address->sa_family == AF_INET6) {
        memcpy(&v6, address, sizeof(v6));
        text = inet_ntop(AF_INET6, &v6.sin6_addr, out, HTTP_ADDRESS_TEXT_SIZE);
    }
    if (!text)
        snprintf(out, HTTP_ADDRESS_TEXT_SIZE, "an unknown kind of address");
}
