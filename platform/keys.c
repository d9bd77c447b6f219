/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include "platform/file.h"
#include "platform/hash.h"

enum { KEY_LENGTH = KEY_TEXT - 1, KEY_BYTES = 32, KEY_FILE_MAX = 255 };

/* The pairs printed in zmq_curve(7) and used all over libzmq's tests: everybody has their secrets.
 */
static const struct key_pair published[] = {
    { "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7", "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6" },
    { "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID", "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs" },
};

static bool
is_published(const char *public_key)
{
    for (size_t i = 0; i < sizeof published / sizeof published[0]; i++)
        if (strcmp(public_key, published[i].public_key) == 0)
            return true;
    return false;
}

/* Z85 of 32 bytes? libzmq's decoder trusts the alphabet, so the way back has to give the same text.
 */
static bool
key_decode(const char *text, uint8_t ret_bytes[KEY_BYTES])
{
    static const char alphabet[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   ".-:+=^!/*?&<>()[]{}@%$#";
    if (strlen(text) != KEY_LENGTH || strspn(text, alphabet) != KEY_LENGTH)
        return false;
    char again[KEY_TEXT];
    bool is_same = zmq_z85_decode(ret_bytes, text) && zmq_z85_encode(again, ret_bytes, KEY_BYTES) &&
                   memcmp(text, again, KEY_TEXT) == 0;
    sodium_memzero(again, sizeof again);
    return is_same;
}

bool
keys_is_public(const char *text)
{
    uint8_t bytes[KEY_BYTES];
    return text && key_decode(text, bytes);
}

int
keys_check_public(const char *key, struct err_note *note)
{
    if (!keys_is_public(key))
        return err_set(note, ERR_SYNTAX, "'%.60s' is no public key: 40 characters of Z85", key);
    if (is_published(key))
        return err_set(note, ERR_REFUSED,
                       "%.80s: is printed in libzmq's manual; everybody has its secret", key);
    return 0;
}

/* Cuts blanks and line ends around a key; false when the rest is no key. `ret_key` has KEY_TEXT
 * bytes. */
static bool
key_trim(const char *text, char *ret_key)
{
    static const char blanks[] = " \t\r\n";
    text += strspn(text, blanks);
    size_t length = strcspn(text, blanks);
    if (length != KEY_LENGTH || text[length + strspn(text + length, blanks)] != '\0')
        return false;
    memcpy(ret_key, text, length);
    ret_key[length] = '\0';
    uint8_t bytes[KEY_BYTES];
    bool is_key = key_decode(ret_key, bytes);
    sodium_memzero(bytes, sizeof bytes);
    return is_key;
}

int
keys_generate(struct key_pair *ret_pair, struct err_note *note)
{
    struct key_pair pair;
    if (zmq_curve_keypair(pair.public_key, pair.secret_key) != 0)
        return err_set(note, ERR_LIBRARY, "make a key pair: %s", zmq_strerror(zmq_errno()));
    *ret_pair = pair;
    keys_wipe(&pair);
    return 0;
}

/* FOLDER/NAME.ending */
static int
key_path(char *path, const char *folder, const char *name, const char *ending,
         struct err_note *note)
{
    char file[FILE_PATH_MAX];
    int n = snprintf(file, sizeof file, "%s.%s", name, ending);
    if (strchr(name, '/') || n < 0 || (size_t)n >= sizeof file || file_join(path, folder, file) < 0)
        return err_set(note, ERR_RANGE, "key '%.60s': no name for a file", name);
    return 0;
}

static int
key_write(const char *path, const char *key, mode_t mode, struct err_note *note)
{
    char line[KEY_TEXT + 1];
    memcpy(line, key, KEY_LENGTH);
    line[KEY_LENGTH] = '\n';
    int rc = file_write(path, line, KEY_LENGTH + 1, mode, note);
    sodium_memzero(line, sizeof line);
    return rc;
}

int
keys_save(const char *folder, const char *name, const struct key_pair *pair, struct err_note *note)
{
    char secret[FILE_PATH_MAX], public[FILE_PATH_MAX];
    int rc = key_path(secret, folder, name, "secret", note);
    if (rc == 0)
        rc = key_path(public, folder, name, "public", note);
    if (rc < 0)
        return rc;
    struct stat st;
    if (lstat(secret, &st) == 0)
        return err_set(note, ERR_CONFLICT, "%s exists and is not overwritten", secret);
    if (errno != ENOENT)
        return err_set(note, -errno, "%s: %s", secret, err_text(-errno));
    /* The secret comes last: a crash in between leaves no pair, and the next try makes one. */
    rc = key_write(public, pair->public_key, 0644, note);
    return rc < 0 ? rc : key_write(secret, pair->secret_key, 0400, note);
}

/* Whoever may write to the folder can put a pair of his own there. */
static int
folder_check(const char *folder, struct err_note *note)
{
    struct stat st;
    if (stat(folder, &st) != 0)
        return err_set(note, -errno, "%s: %s", folder, err_text(-errno));
    if (st.st_mode & (S_IWGRP | S_IRWXO))
        return err_set(note, ERR_REFUSED,
                       "%s: others may reach into this folder of keys (mode %03o); chmod 700 it",
                       folder, (unsigned)(st.st_mode & 0777));
    return 0;
}

/* Reads the secret from the very file whose mode was checked. `text` has KEY_FILE_MAX + 1 bytes. */
static int
secret_read(const char *path, char *text, struct err_note *note)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return err_set(note, -errno, "open %s: %s", path, err_text(-errno));
    struct stat st;
    int rc = 0;
    if (fstat(fd, &st) != 0)
        rc = err_set(note, -errno, "open %s: %s", path, err_text(-errno));
    else if (!S_ISREG(st.st_mode))
        rc = err_set(note, ERR_REFUSED, "%s: not a regular file", path);
    else if (st.st_mode & (S_IRWXG | S_IRWXO))
        rc = err_set(note, ERR_REFUSED, "%s: others may read this secret (mode %03o); chmod 400 it",
                     path, (unsigned)(st.st_mode & 0777));
    if (rc == 0) {
        ssize_t n = read(fd, text, KEY_FILE_MAX);
        if (n < 0)
            rc = err_set(note, -errno, "read %s: %s", path, err_text(-errno));
        else
            text[n] = '\0';
    }
    (void)close(fd); /* only read */
    return rc;
}

/* Do the halves belong together, and are they secret at all? */
static int
pair_check(const struct key_pair *pair, const char *path, struct err_note *note)
{
    char derived[KEY_TEXT];
    if (zmq_curve_public(derived, pair->secret_key) != 0)
        return err_set(note, ERR_LIBRARY, "%s: %s", path, zmq_strerror(zmq_errno()));
    if (strcmp(derived, pair->public_key) != 0)
        return err_set(note, ERR_CONFLICT, "%s: does not belong to its .public file", path);
    if (is_published(pair->public_key))
        return err_set(note, ERR_REFUSED,
                       "%s: is printed in libzmq's manual; everybody has this secret", path);
    return 0;
}

int
keys_load(const char *folder, const char *name, struct key_pair *ret_pair, struct err_note *note)
{
    char secret[FILE_PATH_MAX], public[FILE_PATH_MAX], text[KEY_FILE_MAX + 1];
    struct key_pair pair;
    int rc = key_path(secret, folder, name, "secret", note);
    if (rc == 0)
        rc = key_path(public, folder, name, "public", note);
    if (rc == 0)
        rc = folder_check(folder, note);
    if (rc == 0)
        rc = secret_read(secret, text, note);
    if (rc < 0)
        return rc;
    if (!key_trim(text, pair.secret_key))
        rc = err_set(note, ERR_SYNTAX, "%s: not a key (40 characters of Z85)", secret);
    sodium_memzero(text, sizeof text);
    size_t size;
    char *bytes = NULL;
    if (rc == 0)
        rc = file_read(public, KEY_FILE_MAX, &bytes, &size, note);
    if (rc == 0 && (strlen(bytes) != size || !key_trim(bytes, pair.public_key)))
        rc = err_set(note, ERR_SYNTAX, "%s: not a key (40 characters of Z85)", public);
    free(bytes);
    if (rc == 0)
        rc = pair_check(&pair, secret, note);
    if (rc == 0)
        *ret_pair = pair;
    keys_wipe(&pair);
    return rc;
}

/* Is FOLDER/NAME.ending there? 1 or 0, or the code of a disk that cannot say. */
static int
half_exists(const char *folder, const char *name, const char *ending, struct err_note *note)
{
    char path[FILE_PATH_MAX];
    struct stat st;
    int rc = key_path(path, folder, name, ending, note);
    if (rc < 0 || lstat(path, &st) == 0)
        return rc < 0 ? rc : 1;
    rc = -errno;
    return rc == -ENOENT ? 0 : err_set(note, rc, "%s: %s", path, err_text(rc));
}

bool
keys_exist(const char *folder, const char *name)
{
    return half_exists(folder, name, "secret", NULL) == 1;
}

int
keys_copy(const char *folder, const char *name, const char *copy, struct err_note *note)
{
    char path[FILE_PATH_MAX];
    struct key_pair pair;
    int rc = keys_load(folder, name, &pair, note);
    if (rc < 0)
        return rc;
    rc = key_path(path, folder, copy, "secret", note);
    if (rc == 0)
        rc = file_remove(path, note);
    if (rc == 0)
        rc = keys_save(folder, copy, &pair, note);
    keys_wipe(&pair);
    return rc;
}

/* Renames NEXT.ending to NAME.ending if it is there. */
static int
half_promote(const char *folder, const char *next, const char *name, const char *ending,
             struct err_note *note)
{
    char from[FILE_PATH_MAX], to[FILE_PATH_MAX];
    int rc = key_path(from, folder, next, ending, note);
    if (rc == 0)
        rc = key_path(to, folder, name, ending, note);
    return rc == 0 ? file_rename(from, to, note) : rc;
}

/* keys_save writes the public half first and the promotion takes it away first: a secret alone can
 * only be a promotion half done. */
int
keys_settle(const char *folder, const char *next, const char *name, struct err_note *note)
{
    int has_secret = half_exists(folder, next, "secret", note);
    if (has_secret <= 0)
        return has_secret;
    int has_public = half_exists(folder, next, "public", note);
    if (has_public != 0)
        return has_public < 0 ? has_public : 0;
    return half_promote(folder, next, name, "secret", note);
}

int
keys_promote(const char *folder, const char *next, const char *name, struct err_note *note)
{
    int rc = half_exists(folder, next, "secret", note);
    if (rc == 0)
        return err_set(note, ERR_ABSENT, "%s: no key '%s' to promote", folder, next);
    if (rc > 0)
        rc = half_promote(folder, next, name, "public", note);
    return rc == 0 ? keys_settle(folder, next, name, note) : rc;
}

int
keys_load_public(const char *path, char ret_key[KEY_TEXT], struct err_note *note)
{
    char key[KEY_TEXT], *bytes = NULL;
    size_t size;
    struct stat st;
    /* A path can look like a key ('/', '.' and '-' are Z85), so a file of that name goes first. */
    if (lstat(path, &st) == 0 || !key_trim(path, key)) {
        int rc = file_read(path, KEY_FILE_MAX, &bytes, &size, note);
        if (rc < 0)
            return rc;
        bool is_key = strlen(bytes) == size && key_trim(bytes, key);
        free(bytes);
        if (!is_key)
            return err_set(note, ERR_SYNTAX, "%s: not a key (40 characters of Z85)", path);
    }
    int rc = keys_check_public(key, note);
    if (rc == 0)
        memcpy(ret_key, key, KEY_TEXT);
    return rc;
}

void
keys_fingerprint(const char *public_key, char ret_text[KEY_FINGERPRINT])
{
    uint8_t key[KEY_BYTES], hash[HASH_SIZE];
    if (!key_decode(public_key, key)) {
        memcpy(ret_text, "?", 2);
        return;
    }
    hash_sha256(key, sizeof key, hash);
    char *at = ret_text;
    for (size_t i = 0; i < 10; i++) {
        static const char digits[] = "0123456789ABCDEF";
        if (i > 0 && i % 2 == 0)
            *at++ = '-';
        *at++ = digits[hash[i] >> 4];
        *at++ = digits[hash[i] & 15];
    }
    *at = '\0';
}

void
keys_wipe(struct key_pair *pair)
{
    sodium_memzero(pair->secret_key, sizeof pair->secret_key);
}
