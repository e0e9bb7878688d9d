#include "service.h"

#include <stdint.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include "buffer.h"

void
service_ready(const char *status)
{
    sd_notifyf(0, "READY=1\nSTATUS=%s", status);
}

void
service_reloading(void)
{
    /* systemd tells a reload from the one before by this time; it wants it in
     * microseconds (Type=notify-reload of systemd 253). */
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t now_us = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
    sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld\nSTATUS=Reloading",
               (long long)now_us);
}

void
service_stopping(void)
{
    sd_notify(0, "STOPPING=1\nSTATUS=Ending");
}

void
service_status(const char *format, ...)
{
    CLEANUP(buffer_done) struct buffer status = {0};
    va_list args;
    va_start(args, format);
    buffer_vprintf(&status, format, args);
    va_end(args);
    if (buffer_ok(&status))
        sd_notifyf(0, "STATUS=%s", buffer_text(&status));
}

const char *
service_library_version(void)
{
    /* libsystemd does not tell its version while it runs. */
    return "libsystemd " KAROOL_LIBSYSTEMD_VERSION;
}
