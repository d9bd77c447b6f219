/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A request has the frames: version, request id, domain, address, routing id, mechanism, the
 * client's key (32 bytes). An answer: version, request id, status, words, User-Id, metadata. The
 * User-Id is what bus_server_receive reads from every body frame. */
#include "platform/bus_zmq_zap.h"

#include <string.h>

#ifndef ZMQ_ZAP_ENFORCE_DOMAIN
#define ZMQ_ZAP_ENFORCE_DOMAIN 93 /* hidden by the header of 4.3.4, honoured by the library */
#endif

enum { REQUEST_FRAMES = 7, FRAME_MAX = 255, ANSWERS_AT_ONCE = 64, CURVE_KEY_BYTES = 32 };

enum {
    FRAME_VERSION,
    FRAME_ID,
    FRAME_DOMAIN,
    FRAME_ADDRESS,
    FRAME_ROUTING,
    FRAME_MECHANISM,
    FRAME_KEY
};

struct zap_request {
    size_t count;
    struct {
        char bytes[FRAME_MAX + 1];
        size_t size;
    } frames[REQUEST_FRAMES];
};

int
bus_zap_open(void *context, void **ret_zap, struct err_note *note)
{
    void *zap = zmq_socket(context, ZMQ_REP);
    if (!zap)
        return bus_fail(note, "open the ZAP handler");
    int rc = bus_set_int(zap, ZMQ_LINGER, 0, "ZMQ_LINGER", note);
    if (rc == 0 && zmq_bind(zap, "inproc://zeromq.zap.01") != 0)
        rc = bus_fail(note, "bind the ZAP handler");
    if (rc < 0) {
        (void)zmq_close(zap); /* fails only for what is no socket */
        return rc;
    }
    *ret_zap = zap;
    return 0;
}

int
bus_zap_guard(void *socket, struct err_note *note)
{
    int rc = bus_set_text(socket, ZMQ_ZAP_DOMAIN, BUS_ZAP_DOMAIN, "ZMQ_ZAP_DOMAIN", note);
    if (rc == 0)
        rc = bus_set_int(socket, ZMQ_ZAP_ENFORCE_DOMAIN, 1, "ZMQ_ZAP_ENFORCE_DOMAIN", note);
    if (rc < 0)
        return rc;
    char domain[FRAME_MAX + 1] = "";
    size_t size = sizeof domain;
    if (zmq_getsockopt(socket, ZMQ_ZAP_DOMAIN, domain, &size) != 0)
        return bus_fail(note, "read back ZMQ_ZAP_DOMAIN");
    if (strcmp(domain, BUS_ZAP_DOMAIN) != 0)
        return err_set(note, ERR_LIBRARY, "libzmq did not keep the ZAP domain");
    int is_enforced = 0;
    size = sizeof is_enforced;
    if (zmq_getsockopt(socket, ZMQ_ZAP_ENFORCE_DOMAIN, &is_enforced, &size) != 0)
        return bus_fail(note, "read back ZMQ_ZAP_ENFORCE_DOMAIN");
    if (is_enforced != 1)
        return err_set(note, ERR_LIBRARY, "libzmq does not enforce ZAP");
    return 0;
}

/* Takes one request, however misshapen; false when there is none. Frames beyond the known ones are
 * counted only. */
static bool
take_request(void *zap, struct zap_request *request)
{
    request->count = 0;
    int more = 1;
    while (more) {
        zmq_msg_t part;
        (void)zmq_msg_init(&part);
        if (zmq_msg_recv(&part, zap, ZMQ_DONTWAIT) < 0) {
            (void)zmq_msg_close(&part);
            return false;
        }
        size_t size = zmq_msg_size(&part);
        if (request->count < REQUEST_FRAMES) {
            request->frames[request->count].size = size; /* larger than FRAME_MAX: see is_sound */
            memcpy(request->frames[request->count].bytes, zmq_msg_data(&part),
                   size < FRAME_MAX ? size : FRAME_MAX);
            request->frames[request->count].bytes[size < FRAME_MAX ? size : FRAME_MAX] = '\0';
        }
        request->count++;
        more = zmq_msg_more(&part);
        (void)zmq_msg_close(&part);
    }
    return true;
}

static bool
frame_is(const struct zap_request *request, size_t index, const char *text)
{
    return request->frames[index].size == strlen(text) &&
           memcmp(request->frames[index].bytes, text, strlen(text)) == 0;
}

/* Is it a question we can answer with yes at all? */
static bool
is_sound(const struct zap_request *request)
{
    return request->count == REQUEST_FRAMES && frame_is(request, FRAME_VERSION, "1.0") &&
           request->frames[FRAME_ID].size <= FRAME_MAX &&
           frame_is(request, FRAME_DOMAIN, BUS_ZAP_DOMAIN) &&
           frame_is(request, FRAME_MECHANISM, "CURVE") &&
           request->frames[FRAME_KEY].size == CURVE_KEY_BYTES;
}

static bool
is_admitted(const struct zap_request *request, bus_admit_fn *admit, void *context, char *ret_author)
{
    uint8_t bytes[CURVE_KEY_BYTES];
    char key[KEY_TEXT];
    memcpy(bytes, request->frames[FRAME_KEY].bytes, sizeof bytes);
    if (!zmq_z85_encode(key, bytes, sizeof bytes))
        return false;
    /* An author that is empty or does not end would be nobody: refuse it. */
    return admit(context, key, ret_author) && ret_author[0] != '\0' &&
           memchr(ret_author, '\0', BUS_AUTHOR_MAX + 1);
}

static void
send_answer(void *zap, const struct zap_request *request, const char *status, const char *words,
            const char *author)
{
    const char *id = request->count > FRAME_ID ? request->frames[FRAME_ID].bytes : "";
    size_t id_size = request->count > FRAME_ID ? request->frames[FRAME_ID].size : 0;
    if (id_size > FRAME_MAX)
        id_size = FRAME_MAX;
    /* inproc without a mark: does not wait; who has gone meanwhile needs no answer. */
    (void)zmq_send(zap, "1.0", 3, ZMQ_SNDMORE);
    (void)zmq_send(zap, id, id_size, ZMQ_SNDMORE);
    (void)zmq_send(zap, status, strlen(status), ZMQ_SNDMORE);
    (void)zmq_send(zap, words, strlen(words), ZMQ_SNDMORE);
    (void)zmq_send(zap, author, strlen(author), ZMQ_SNDMORE);
    (void)zmq_send(zap, "", 0, 0);
}

void
bus_zap_answer(void *zap, bus_admit_fn *admit, void *context, struct bus_server_counts *counts)
{
    struct zap_request request;
    for (int i = 0; i < ANSWERS_AT_ONCE && take_request(zap, &request); i++) {
        char author[BUS_AUTHOR_MAX + 1] = "";
        if (is_sound(&request) && is_admitted(&request, admit, context, author)) {
            counts->admitted++;
            send_answer(zap, &request, "200", "OK", author);
        } else {
            counts->refused++;
            send_answer(zap, &request, "400", "key not registered", "");
        }
    }
}
