/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent/inbox.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/file.h"

enum { LOOK_MS = 10 * 1000, LOOK_SOON_MS = 1000, UNTOUCHED_S = 2, NAME_ROOM = 256 };

/* A file of the last look. */
struct inbox_file {
    char name[NAME_ROOM];
    int64_t size, modified_s, modified_ns;
    int64_t since; /* monotonic ms of the first look that saw it so */
    bool is_settled;
};

struct inbox {
    char folder[FILE_PATH_MAX];
    int fd;
    struct inbox_file *files;
    size_t count, next;
    char (*events)[NAME_ROOM]; /* names that events settled since the last look */
    size_t event_count, event_room;
    int64_t look_at; /* monotonic ms */
    size_t others;
    char other[NAME_ROOM];
};

int
inbox_open(const char *folder, struct inbox **ret_inbox, struct err_note *note)
{
    struct inbox *inbox = calloc(1, sizeof *inbox);
    if (!inbox)
        return err_set(note, -ENOMEM, "no memory for the inbox");
    (void)snprintf(inbox->folder, sizeof inbox->folder, "%s",
                   folder); /* inotify would fail below */
    inbox->look_at = INT64_MIN;
    inbox->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (inbox->fd < 0 || inotify_add_watch(inbox->fd, inbox->folder,
                                           IN_MOVED_TO | IN_CLOSE_WRITE | IN_ONLYDIR) < 0) {
        int code = -errno;
        inbox_close(inbox);
        return err_set(note, code, "watch %s: %s", folder, err_text(code));
    }
    *ret_inbox = inbox;
    return 0;
}

void
inbox_close(struct inbox *inbox)
{
    if (!inbox)
        return;
    if (inbox->fd >= 0)
        (void)close(inbox->fd); /* nothing was written */
    free(inbox->files);
    free(inbox->events);
    free(inbox);
}

int
inbox_fd(const struct inbox *inbox)
{
    return inbox->fd;
}

static void
event_keep(struct inbox *inbox, const char *name)
{
    if (inbox->event_count == inbox->event_room) {
        size_t room = inbox->event_room ? inbox->event_room * 2 : 16;
        void *grown = realloc(inbox->events, room * sizeof *inbox->events);
        if (!grown)
            return; /* then the file settles by itself */
        inbox->events = grown;
        inbox->event_room = room;
    }
    (void)snprintf(inbox->events[inbox->event_count++], NAME_ROOM, "%s", name);
}

void
inbox_take_events(struct inbox *inbox)
{
    union {
        struct inotify_event event; /* for its alignment */
        char bytes[4096];
    } buffer;
    for (;;) {
        ssize_t size = read(inbox->fd, buffer.bytes, sizeof buffer.bytes);
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0)
            return;
        inbox->look_at = INT64_MIN;
        for (ssize_t at = 0; at < size;) {
            struct inotify_event event;
            memcpy(&event, buffer.bytes + at, sizeof event);
            if (event.len)
                event_keep(inbox, buffer.bytes + at + sizeof event);
            at += (ssize_t)(sizeof event + event.len);
        }
    }
}

struct mono_time
inbox_next_look(const struct inbox *inbox)
{
    return (struct mono_time){ inbox->next < inbox->count ? INT64_MIN : inbox->look_at };
}

static bool
name_is_csv(const char *name)
{
    size_t length = strlen(name);
    return length > 4 && length < NAME_ROOM && strcasecmp(name + length - 4, ".csv") == 0;
}

static bool
has_event(const struct inbox *inbox, const char *name)
{
    for (size_t i = 0; i < inbox->event_count; i++)
        if (strcmp(inbox->events[i], name) == 0)
            return true;
    return false;
}

static const struct inbox_file *
find_before(const struct inbox_file *files, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(files[i].name, name) == 0)
            return &files[i];
    return NULL;
}

/* Looks at one file; false: it is none of ours. */
static bool
look_at_file(const struct inbox *inbox, const char *name, struct mono_time now,
             struct wall_time wall, struct inbox_file *file)
{
    char path[FILE_PATH_MAX];
    struct stat status;
    if (!name_is_csv(name) || file_join(path, inbox->folder, name) || lstat(path, &status) != 0 ||
        !S_ISREG(status.st_mode))
        return false;
    memset(file, 0, sizeof *file);
    memcpy(file->name, name, strlen(name) + 1);
    file->size = status.st_size;
    file->modified_s = status.st_mtim.tv_sec;
    file->modified_ns = status.st_mtim.tv_nsec;
    file->since = now.ms;
    const struct inbox_file *before = find_before(inbox->files, inbox->count, name);
    if (before && before->size == file->size && before->modified_s == file->modified_s &&
        before->modified_ns == file->modified_ns)
        file->since = before->since;
    file->is_settled = has_event(inbox, name) || wall.seconds - file->modified_s >= UNTOUCHED_S ||
                       now.ms - file->since >= LOOK_SOON_MS;
    return true;
}

static void
look_at_names(struct inbox *inbox, const struct file_list *names, struct mono_time now,
              struct wall_time wall, struct inbox_file *files)
{
    size_t count = 0;
    bool is_waiting = false;
    inbox->others = 0;
    inbox->other[0] = '\0';
    for (size_t i = 0; i < names->count; i++) {
        if (!look_at_file(inbox, names->names[i], now, wall, &files[count])) {
            if (inbox->others++ == 0)
                (void)snprintf(inbox->other, sizeof inbox->other, "%s", names->names[i]);
            continue;
        }
        is_waiting = is_waiting || !files[count].is_settled;
        count++;
    }
    free(inbox->files);
    inbox->files = files;
    inbox->count = count;
    inbox->next = 0;
    inbox->event_count = 0;
    inbox->look_at = now.ms + (is_waiting ? LOOK_SOON_MS : LOOK_MS);
}

int
inbox_look(struct inbox *inbox, struct mono_time now, struct wall_time wall, struct err_note *note)
{
    struct file_list names;
    int code = file_list(inbox->folder, &names, note);
    struct inbox_file *files = NULL;
    if (!code) {
        files = calloc(names.count + 1, sizeof *files);
        if (files)
            look_at_names(inbox, &names, now, wall, files);
        else
            code = err_set(note, -ENOMEM, "no memory for the inbox");
        file_list_free(&names);
    }
    if (code)
        inbox->look_at = now.ms + LOOK_MS;
    return code;
}

const char *
inbox_next(struct inbox *inbox)
{
    while (inbox->next < inbox->count) {
        const struct inbox_file *file = &inbox->files[inbox->next++];
        if (file->is_settled)
            return file->name;
    }
    return NULL;
}

size_t
inbox_waiting(const struct inbox *inbox)
{
    size_t waiting = 0;
    for (size_t i = 0; i < inbox->count; i++)
        waiting += i >= inbox->next || !inbox->files[i].is_settled;
    return waiting;
}

size_t
inbox_others(const struct inbox *inbox, const char **ret_name)
{
    *ret_name = inbox->other;
    return inbox->others;
}
