/*
 * Recording. See recording.h.
 */
#include "test.h"

#include "recording.h"

#define LINE_MAX_BYTES 32768

static struct span unhex(const char *hex)
{
    struct span bytes = {calloc(1, strlen(hex) / 2 + 1), strcmp(hex, "-") ? strlen(hex) / 2 : 0};

    assert_non_null(bytes.at);
    for (size_t i = 0; i < bytes.n; i++) {
        unsigned byte;

        assert_int_equal(sscanf(hex + 2 * i, "%2x", &byte), 1);
        bytes.at[i] = (unsigned char)byte;
    }
    return bytes;
}

static void read_key(struct recording *recording, const char *hex)
{
    struct span key = unhex(hex);

    assert_int_equal(key.n, sizeof recording->key);
    memcpy(recording->key, key.at, key.n);
    free(key.at);
}

static void read_line(struct recording *recording, char *line)
{
    char *word = strtok(line, " \n"), *text = strtok(NULL, " \n"), *sealed = strtok(NULL, " \n");
    size_t i = recording->blocks;

    if (!word || *word == '#')
        return;
    assert_non_null(text);
    if (strcmp(word, "flags") == 0) {
        recording->flags = (uint32_t)strtoul(text, NULL, 16);
    } else if (strcmp(word, "key") == 0) {
        read_key(recording, text);
    } else {
        assert_non_null(sealed);
        assert_true(i < RECORDING_BLOCKS);
        recording->block[i].to_client = strcmp(word, "s2c") == 0;
        recording->block[i].text = unhex(text);
        recording->block[i].sealed = unhex(sealed);
        recording->blocks++;
    }
}

const struct recording *recording_load(const char *path)
{
    static struct {
        const char *path;
        struct recording recording;
    } loaded[4];
    static char line[LINE_MAX_BYTES];
    size_t i = 0;
    FILE *file;

    for (; loaded[i].path; i++)
        if (strcmp(loaded[i].path, path) == 0)
            return &loaded[i].recording;
    file = fopen(path, "r");
    if (!file)
        fail_msg("%s: not found; run from the project's root", path);
    loaded[i].path = path;
    while (fgets(line, sizeof line, file))
        read_line(&loaded[i].recording, line);
    fclose(file);
    assert_true(loaded[i].recording.blocks >= 48);
    return &loaded[i].recording;
}
