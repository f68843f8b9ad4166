/*
 * NTLM: which flags a handshake token tells. Every token ends at a forbidden page, at every length.
 */
#include "test.h"

#include "ntlm.h"

#define AUTHENTICATE(payload)                                                                      \
    "NTLMSSP\0\3\0\0\0"                                                                            \
    "\0\0\0\0" payload "\0\0\0"                                                                    \
    "\4\0\4\0" payload "\0\0\0"                                                                    \
    "\0\0\0\0" payload "\0\0\0"                                                                    \
    "\0\0\0\0" payload "\0\0\0"                                                                    \
    "\0\0\0\0" payload "\0\0\0"                                                                    \
    "\0\0\0\0" payload "\0\0\0"                                                                    \
    "\x35\x82\x88\xe2"                                                                             \
    "abcd"

#define CHALLENGE "NTLMSSP\0\2\0\0\0\0\0\0\0\x38\0\0\0\x35\x82\x8a\x62nonce..."
#define NEGOTIATE "NTLMSSP\0\1\0\0\0\x35\x82\x88\xe2\0\0\0\0\0\0\0\0"

/* A row: a token, and the shortest of its beginnings that tells `flags`; 0: none does. */
static const struct row {
    const char *name;
    const char *token;
    size_t n;
    size_t from;
    uint32_t flags;
} rows[] = {
#define ROW(name, token, from, flags)                                                              \
    {                                                                                              \
        name, token, sizeof(token) - 1, from, flags                                                \
    }
    ROW("authenticate", AUTHENTICATE("\x40"), 64, 0xe2888235),
    ROW("authenticate of the oldest form, payload in place of flags", AUTHENTICATE("\x3c"), 0, 0),
    ROW("challenge", CHALLENGE, 24, 0x628a8235),
    ROW("negotiate is only a wish", NEGOTIATE, 0, 0),
    ROW("authenticate in an octet string", "\xa1\x81\x50\x30NTLMSS\4\x48" AUTHENTICATE("\x40"), 76,
        0xe2888235),
    ROW("something else", "\x16\3\1\0\x2f\1\0\0\x2b\3\3NNNNNTLMSSP NTLMSSQ\0\3\0\0\0", 0, 0),
    ROW("negotiate, then authenticate", NEGOTIATE AUTHENTICATE("\x40"), 88, 0xe2888235),
    ROW("nothing", "", 0, 0),
};

static void tells_the_flags_as_soon_as_they_are_there(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];

        for (size_t n = 0; n <= row->n; n++) {
            uint32_t flags = 0x5A5A5A5A;
            bool told = ntlm_flags(test_guarded(row->token, n), &flags);

            if (told != (row->from && n >= row->from) || flags != (told ? row->flags : 0x5A5A5A5Au))
                fail_msg("%s, %zu bytes: told %d, flags %08x", row->name, n, told, flags);
        }
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(tells_the_flags_as_soon_as_they_are_there),
};

TEST_MAIN("ntlm", tests)
