/* The interface of OpenSSL 1.1: the state is a plain struct, so that hashing
 * needs no memory; EVP of 3.0 allocates a context for each hash. */
#define OPENSSL_API_COMPAT 0x10100000L

#include "sha256.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdint.h>
#include <string.h>

static_assert(sizeof(SHA256_CTX) <= sizeof(struct sha256),
              "struct sha256 has room for libcrypto's state");

static void
write_hex(const unsigned char *bytes, char out[SHA256_HEX_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < SHA256_DIGEST_LENGTH; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[SHA256_HEX_SIZE - 1] = '\0';
}

void
sha256_init(struct sha256 *sha256)
{
    SHA256_Init((SHA256_CTX *)(void *)sha256->state);
}

void
sha256_add(struct sha256 *sha256, struct span bytes)
{
    if (bytes.len)
        SHA256_Update((SHA256_CTX *)(void *)sha256->state, bytes.at, bytes.len);
}

void
sha256_add_field(struct sha256 *sha256, struct span field)
{
    uint64_t len = field.at ? field.len : UINT64_MAX;
    char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (char)(len >> (56 - 8 * i) & 0xFF);
    sha256_add(sha256, (struct span){bytes, sizeof(bytes)});
    sha256_add(sha256, field);
}

void
sha256_hex(struct sha256 *sha256, char out[SHA256_HEX_SIZE])
{
    unsigned char bytes[SHA256_DIGEST_LENGTH];
    SHA256_Final(bytes, (SHA256_CTX *)(void *)sha256->state);
    write_hex(bytes, out);
}

bool
sha256_hmac(struct span key, struct span message, char out[SHA256_HEX_SIZE])
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    if (!HMAC(EVP_sha256(), key.at ? key.at : "", (int)key.len,
              (const unsigned char *)message.at, message.len, bytes, &len))
        return false;
    write_hex(bytes, out);
    return true;
}

const char *
sha256_library_version(void)
{
    return OpenSSL_version(OPENSSL_VERSION);
}
