/* SPDX-License-Identifier: GPL-3.0-or-later
 * CURVE key pairs in files. A private key file is readable by its owner only, or it is refused. */
#ifndef PACEWATCH_PLATFORM_KEYS_H
#define PACEWATCH_PLATFORM_KEYS_H

#include <stdbool.h>

#include "core/err.h"

enum { KEY_TEXT = 41, KEY_FINGERPRINT = 25 }; /* Z85 and NUL; 5 groups of 4 and NUL */

struct key_pair {
    char public_key[KEY_TEXT];
    char secret_key[KEY_TEXT];
};

/* Makes a new pair. */
int keys_generate(struct key_pair *ret_pair, struct err_note *note);

/* Writes FOLDER/NAME.secret (0400) and FOLDER/NAME.public (0644); refuses to overwrite a secret. */
int keys_save(const char *folder, const char *name, const struct key_pair *pair,
              struct err_note *note);

/* Reads a pair; refuses a secret file others can read, a folder others can write to or the world
 * can read, a pair whose halves do not belong together, and the key pairs published in libzmq's
 * manual and tests. */
int keys_load(const char *folder, const char *name, struct key_pair *ret_pair,
              struct err_note *note);

/* Puts the pair NEXT in the place of NAME, whose secret is gone then. After a crash at any step
 * keys_settle brings it to its end; call that before keys_load where a promotion may have begun. */
int keys_promote(const char *folder, const char *next, const char *name, struct err_note *note);
int keys_settle(const char *folder, const char *next, const char *name, struct err_note *note);

/* Saves the pair NAME under the name COPY as well, in the place of what was there. */
int keys_copy(const char *folder, const char *name, const char *copy, struct err_note *note);

/* Is there a secret of this name? It may still be unfit for use. */
bool keys_exist(const char *folder, const char *name);

/* Reads a public key (40 characters of Z85, blanks around it ignored) from a file, or from the text
 * itself. */
int keys_load_public(const char *path, char ret_key[KEY_TEXT], struct err_note *note);
bool keys_is_public(const char *text);

/* ERR_SYNTAX for what is no public key, ERR_REFUSED for one whose secret is published. */
int keys_check_public(const char *key, struct err_note *note);

/* What two people compare on the telephone: "3F2A-91BC-..." (SHA-256 of the key, 80 bits). */
void keys_fingerprint(const char *public_key, char ret_text[KEY_FINGERPRINT]);

/* Overwrites the secret half. */
void keys_wipe(struct key_pair *pair);

#endif
