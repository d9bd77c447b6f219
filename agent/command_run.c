/* SPDX-License-Identifier: GPL-3.0-or-later
 * The daemon: signals arrive on a descriptor, the service manager is told through sd_notify. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "agent/agent.h"
#include "agent/commands.h"
#include "platform/log.h"

static const char module[] = "agent";

/* TERM, INT and HUP from now on arrive on the descriptor that is returned. */
static int
signals_open(void)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
        return -errno;
    int fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

static void
reload(struct agent *agent)
{
    struct err_note note = { { 0 } };
    if (agent_reload(agent, &note))
        log_error(module, "reload failed, the old settings stay: %s", note.text);
}

/* Takes the signals that have arrived; true: stop. */
static bool
signals_take(int fd, struct agent *agent)
{
    struct signalfd_siginfo info;
    bool is_stop = false;
    while (read(fd, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGHUP)
            reload(agent);
        else
            is_stop = true;
    }
    return is_stop;
}

static int
run(struct agent *agent, int signals, bool is_drain)
{
    struct err_note note = { { 0 } };
    struct pollfd extra = { .fd = signals, .events = POLLIN };
    bool is_stop = false;
    while (!is_stop) {
        if (agent_turn(agent, &extra, 1, -1, &note)) {
            log_error(module, "%s", note.text);
            return 1;
        }
        is_stop = signals_take(signals, agent) || (is_drain && agent_is_drained(agent));
        (void)sd_notify(0, "WATCHDOG=1"); /* without a service manager there is nobody to tell */
    }
    return 0;
}

int
command_run(const char *home, bool is_drain)
{
    struct err_note note = { { 0 } };
    struct agent *agent = NULL;
    int signals = signals_open();
    if (signals < 0) {
        log_error(module, "signals: %s", err_text(signals));
        return 1;
    }
    if (agent_open(home, &agent, &note)) {
        log_error(module, "%s", note.text);
        (void)close(signals);
        return 1;
    }
    log_info(module, "started: home=%s version=%s", home, PACEWATCH_VERSION);
    (void)sd_notify(0, "READY=1");
    int code = run(agent, signals, is_drain);
    (void)sd_notify(0, "STOPPING=1");
    agent_close(agent);
    (void)close(signals);
    log_info(module, "stopped");
    return code;
}
