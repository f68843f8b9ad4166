/*
 * tls_style.c: reads a style (tls_style.h). The layouts are those of real callers: correct ones,
 * ones that leave the spare SecBuffers uninitialised or keep the array from call to call, and ones
 * that Schannel refuses, among them the shapes of NTLM callers.
 */
#include "tls_style.h"

#include <stddef.h>
#include <string.h>

#define DATA     SECBUFFER_DATA
#define EMPTY    SECBUFFER_EMPTY
#define TOKEN    SECBUFFER_TOKEN
#define STREAM   SECBUFFER_STREAM
#define READONLY (SECBUFFER_DATA | SECBUFFER_READONLY)

static const struct tls_layout tls_layouts[] = {
    {"fresh", TLS_SPARE_EMPTY, 0, 4, {DATA, EMPTY, EMPTY, EMPTY}},
    {"wild", TLS_SPARE_WILD, 0, 4, {DATA, EMPTY, EMPTY, EMPTY}},
    {"stale", TLS_SPARE_STALE, 0, 4, {DATA, EMPTY, EMPTY, EMPTY}},
    {"last", TLS_SPARE_EMPTY, 0, 4, {EMPTY, EMPTY, EMPTY, DATA}},
    {"five", TLS_SPARE_EMPTY, 0, 5, {DATA, EMPTY, EMPTY, EMPTY, EMPTY}},
    {"readonly", TLS_SPARE_EMPTY, 0, 4, {READONLY, EMPTY, EMPTY, EMPTY}},
    {"three", TLS_SPARE_EMPTY, 0, 3, {DATA, EMPTY, EMPTY}},
    {"two", TLS_SPARE_WILD, 0, 2, {DATA, EMPTY}},
    {"one", TLS_SPARE_EMPTY, 0, 1, {DATA}},
    {"none", TLS_SPARE_EMPTY, 0, 0, {EMPTY}},
    {"nodata", TLS_SPARE_WILD, 0, 4, {EMPTY, EMPTY, EMPTY, EMPTY}},
    {"message", TLS_SPARE_EMPTY, 16, 2, {TOKEN, DATA}},
    {"trailing", TLS_SPARE_EMPTY, -16, 2, {DATA, TOKEN}},
    {"stream", TLS_SPARE_EMPTY, 0, 2, {STREAM, DATA}},
};

static const struct tls_word {
    const char *name;
    size_t flag;
} tls_words[] = {
    {"walk", offsetof(struct tls_style, walk)},     {"sealed", offsetof(struct tls_style, sealed)},
    {"unseal", offsetof(struct tls_style, unseal)}, {"noqop", offsetof(struct tls_style, noqop)},
    {"quiet", offsetof(struct tls_style, quiet)},
};

static const char *const tls_losses[] = {"correct", "dropextra", "forget"};

static int tls_style_word(struct tls_style *style, const char *word)
{
    for (size_t i = 0; i < sizeof tls_losses / sizeof *tls_losses; i++) {
        if (!strcmp(word, tls_losses[i])) {
            style->loss = (enum tls_loss)i;
            return 0;
        }
    }
    for (size_t i = 0; i < sizeof tls_layouts / sizeof *tls_layouts; i++) {
        if (!strcmp(word, tls_layouts[i].name)) {
            style->layout = &tls_layouts[i];
            return 0;
        }
    }
    for (size_t i = 0; i < sizeof tls_words / sizeof *tls_words; i++) {
        if (!strcmp(word, tls_words[i].name)) {
            *(bool *)((char *)style + tls_words[i].flag) = true;
            return 0;
        }
    }
    return -1;
}

int tls_style_parse(struct tls_style *style, const char *text)
{
    char copy[80];
    int failed = strlen(text) >= sizeof copy;

    memset(style, 0, sizeof *style);
    style->layout = tls_layouts;
    if (failed)
        return -1;
    strcpy(copy, text);
    for (char *word = strtok(copy, ","); word; word = strtok(NULL, ","))
        failed |= tls_style_word(style, word);
    return failed;
}
