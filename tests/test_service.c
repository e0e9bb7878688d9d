#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "service.h"

#define RELOADING "RELOADING=1\nMONOTONIC_USEC=%lld\nSTATUS=Reloading"

/* systemd, as far as a service sees it. */
struct manager {
    int fd;
    char folder[64], said[512];
    struct sockaddr_un address;
};

static int
setup(void **state)
{
    static struct manager manager;
    manager = (struct manager){.folder = "/tmp/karool-notify-XXXXXX",
                               .address.sun_family = AF_UNIX};
    if (!mkdtemp(manager.folder))
        return -1;
    snprintf(manager.address.sun_path, sizeof(manager.address.sun_path),
             "%s/notify", manager.folder);
    manager.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    *state = &manager;
    setenv("NOTIFY_SOCKET", manager.address.sun_path, 1);
    return manager.fd < 0 ||
           bind(manager.fd, (struct sockaddr *)&manager.address,
                sizeof(manager.address)) != 0;
}

static int
teardown(void **state)
{
    struct manager *manager = *state;
    unsetenv("NOTIFY_SOCKET");
    close(manager->fd);
    unlink(manager->address.sun_path);
    return rmdir(manager->folder);
}

/* The next message, or "" when none came. */
static const char *
said(struct manager *manager)
{
    ssize_t got =
        recv(manager->fd, manager->said, sizeof(manager->said) - 1, 0);
    manager->said[got < 0 ? 0 : got] = '\0';
    return manager->said;
}

static void
being_ready_is_told_with_a_status(void **state)
{
    service_ready("12 sources");
    assert_string_equal(said(*state), "READY=1\nSTATUS=12 sources");
}

static void
a_reload_carries_the_time_at_which_it_began(void **state)
{
    long long first, second;
    service_reloading();
    assert_int_equal(sscanf(said(*state), RELOADING, &first), 1);
    usleep(1000);
    service_reloading();
    assert_int_equal(sscanf(said(*state), RELOADING, &second), 1);
    assert_in_range(second - first, 1000, 60 * 1000 * 1000);
}

static void
the_end_is_told_before_it_comes(void **state)
{
    service_stopping();
    assert_string_equal(said(*state), "STOPPING=1\nSTATUS=Ending");
}

static void
a_status_is_text_of_any_length(void **state)
{
    service_status("%s: %d posts", "kg-2027", 12);
    assert_string_equal(said(*state), "STATUS=kg-2027: 12 posts");
    service_status("%0300d", 7);
    assert_int_equal(strlen(said(*state)), strlen("STATUS=") + 300);
}

static void
without_systemd_nothing_is_said(void **state)
{
    unsetenv("NOTIFY_SOCKET");
    service_ready("nobody waits");
    service_reloading();
    service_status("nobody waits");
    service_stopping();
    assert_string_equal(said(*state), "");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(being_ready_is_told_with_a_status),
        TEST(a_reload_carries_the_time_at_which_it_began),
        TEST(the_end_is_told_before_it_comes),
        TEST(a_status_is_text_of_any_length),
        TEST(without_systemd_nothing_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
