#include "slot_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "file.h"
#include "sha256.h"

enum { SLOTS_MOST = 256, FOLDER_HEX = 6 };

struct slot_lock {
    int fd;
    char id[256];
};

void
slot_free(struct slot_lock *slot)
{
    if (!slot)
        return;
    if (slot->fd >= 0)
        close(slot->fd);
    free(slot);
}

void
slot_freep(struct slot_lock **slot)
{
    slot_free(*slot);
}

/* A descriptor with the lock, -1 when another process has it, -2 on failure. */
static int
try_slot(const struct config *config, const char *role, int number,
         struct error *err)
{
    CLEANUP(buffer_done) struct buffer path = {0};
    buffer_printf(&path, "%s/%s-%d.lock", config->state_directory, role,
                  number);
    if (!buffer_ok(&path)) {
        error_no_memory(err);
        return -2;
    }
    int fd = open(buffer_text(&path), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0) {
        error_set(err, ERROR_CONFIG,
                  "%s: cannot make it: %s (set state_directory to a folder "
                  "you may write)",
                  buffer_text(&path), strerror(errno));
        return -2;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    close(fd);
    return -1;
}

/* Slots are numbered in a folder: two processes with folders of their own on
 * one host must not take each other for their predecessors. */
static void
name_folder(const char *path, char out[FOLDER_HEX + 1])
{
    char hex[SHA256_HEX_SIZE];
    char *real = realpath(path, NULL);
    struct sha256 sha256;
    sha256_init(&sha256);
    sha256_add(&sha256, span_of(real ? real : path));
    sha256_hex(&sha256, hex);
    free(real);
    memcpy(out, hex, FOLDER_HEX);
    out[FOLDER_HEX] = '\0';
}

struct slot_lock *
slot_take(const struct config *config, const char *role, struct error *err)
{
    char host[64] = "localhost";
    CLEANUP(slot_freep) struct slot_lock *slot = calloc(1, sizeof(*slot));
    if (!slot) {
        error_no_memory(err);
        return NULL;
    }
    slot->fd = -1;
    if (!file_make_folder(config->state_directory, err))
        return NULL;
    gethostname(host, sizeof(host) - 1);
    char folder[FOLDER_HEX + 1];
    name_folder(config->state_directory, folder);
    for (int number = 0; number < SLOTS_MOST; number++) {
        int fd = try_slot(config, role, number, err);
        if (fd == -2)
            return NULL;
        if (fd < 0)
            continue;
        slot->fd = fd;
        snprintf(slot->id, sizeof(slot->id), "%s-%s-%s-%s-%d", config->campaign,
                 role, host, folder, number);
        return TAKE(slot);
    }
    error_set(err, ERROR_CONFIG, "%s: all %d slots are taken",
              config->state_directory, SLOTS_MOST);
    return NULL;
}

const char *
slot_transactional_id(const struct slot_lock *slot)
{
    return slot->id;
}
