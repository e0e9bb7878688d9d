/*
 * service.h - tells systemd what the process is doing (sd_notify(3)).
 *
 * Without NOTIFY_SOCKET, so whenever nobody waits for it, each is a no-op.
 *
 * Threads: any.
 */
#ifndef KAROOL_SERVICE_H
#define KAROOL_SERVICE_H

#include "cleanup.h"

/* Started, or a reload is over, whether it was applied or not. */
void service_ready(const char *status);
void service_reloading(void);
void service_stopping(void);
/* What `systemctl status` shows; one line. */
void service_status(const char *format, ...) PRINTF(1, 2);
const char *service_library_version(void);

#endif
