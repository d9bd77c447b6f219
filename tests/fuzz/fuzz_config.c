/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as agent.yaml: what is taken has a normal form, and that reads back as itself. */
#include "fuzz.h"

#include <string.h>

#include "agent/config.h"
#include "tests/fuzz/ram.h"

static char *
normal_form(const struct agent_config *config, size_t *ret_size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, ret_size);
    FUZZ_CHECK(out);
    agent_config_print(out, config);
    FUZZ_CHECK(fclose(out) == 0 && text);
    return text;
}

static int
read_config(const void *bytes, size_t size, struct agent_config *ret_config)
{
    struct err_note note = { { 0 } };
    ram_put(ram_folder(), "agent.yaml", bytes, size);
    int code = agent_config_read(ram_folder(), false, ret_config, &note);
    FUZZ_CHECK(code == 0 || note.text[0] != '\0');
    return code;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct agent_config config, again;
    int before = ram_next_descriptor();
    if (read_config(bytes, size, &config) == 0) {
        size_t once_size = 0, twice_size = 0;
        char *once = normal_form(&config, &once_size);
        FUZZ_CHECK(read_config(once, once_size, &again) == 0);
        char *twice = normal_form(&again, &twice_size);
        FUZZ_CHECK(once_size == twice_size && memcmp(once, twice, once_size) == 0);
        free(once);
        free(twice);
    }
    FUZZ_CHECK(ram_next_descriptor() == before);
    return 0;
}
