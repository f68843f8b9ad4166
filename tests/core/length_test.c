/*
 * Length: what the first bytes of a block tell, at every number of bytes.
 */
#include "test.h"

#include "length.h"

#define OID "\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02"
#define DER OID "\x02\x01\x11\x00"

#define BE32                                                                                       \
    {                                                                                              \
        4, true, false, SETTINGS_COUNTS_REST                                                       \
    }
#define LE32                                                                                       \
    {                                                                                              \
        4, false, false, SETTINGS_COUNTS_REST                                                      \
    }
#define BE16                                                                                       \
    {                                                                                              \
        2, true, false, SETTINGS_COUNTS_REST                                                       \
    }
#define LE16                                                                                       \
    {                                                                                              \
        2, false, false, SETTINGS_COUNTS_REST                                                      \
    }
#define ALL                                                                                        \
    {                                                                                              \
        4, true, false, SETTINGS_COUNTS_ALL                                                        \
    }
#define SIZE                                                                                       \
    {                                                                                              \
        4, false, false, SETTINGS_COUNTS_TOKEN                                                     \
    }
#define NONE                                                                                       \
    {                                                                                              \
        0, false, false, SETTINGS_COUNTS_REST                                                      \
    }

/* The verdict comes with the `at`th byte and not before, and stands with all that follow. */
static const struct row {
    const char *name;
    struct settings_prefix prefix;
    enum length_token token;
    size_t least;
    const char *bytes;
    size_t n, at;
    enum length_verdict verdict;
    size_t block;
} rows[] = {
#define BYTES(s) s, sizeof(s) - 1
    /* clang-format off: a row a line */
    {"be32", BE32, LENGTH_NTLM, 16, BYTES("\0\0\1\2xx"), 4, LENGTH_KNOWN, 0x102},
    {"le32", LE32, LENGTH_NTLM, 16, BYTES("\2\1\0\0xx"), 4, LENGTH_KNOWN, 0x102},
    {"be16", BE16, LENGTH_NTLM, 16, BYTES("\1\2xx"), 2, LENGTH_KNOWN, 0x102},
    {"le16", LE16, LENGTH_NTLM, 16, BYTES("\2\1xx"), 2, LENGTH_KNOWN, 0x102},
    {"itself too", ALL, LENGTH_NTLM, 16, BYTES("\0\0\1\2xx"), 4, LENGTH_KNOWN, 0xFE},
    {"less than itself", ALL, LENGTH_NTLM, 0, BYTES("\0\0\0\3xx"), 4, LENGTH_BAD, 0},
    {"less than a signature", BE32, LENGTH_NTLM, 16, BYTES("\0\0\0\x0fxx"), 4, LENGTH_BAD, 0},
    {"a signature alone", BE32, LENGTH_NTLM, 16, BYTES("\0\0\0\x10xx"), 4, LENGTH_KNOWN, 16},
    {"nothing", BE32, LENGTH_ANY, 0, BYTES("\0\0\0\0xx"), 4, LENGTH_BAD, 0},
    {"two gigabytes", BE32, LENGTH_NTLM, 16, BYTES("\x80\0\0\0xx"), 4, LENGTH_BAD, 0},
    {"one less", BE32, LENGTH_NTLM, 16, BYTES("\x7f\xff\xff\xffxx"), 4, LENGTH_KNOWN, 0x7FFFFFFF},
    {"token size, then NTLM", SIZE, LENGTH_NTLM, 16, BYTES("\x10\0\0\0\1\0\0\0aaaabbbbccccd"), 20,
     LENGTH_OPEN, 0},
    {"NTLM", NONE, LENGTH_NTLM, 16, BYTES("\1\0\0\0aaaabbbbccccd"), 16, LENGTH_OPEN, 0},
    {"not NTLM", NONE, LENGTH_NTLM, 16, BYTES("\1\0\1\0aaaabbbbccccd"), 3, LENGTH_BAD, 0},
    {"Kerberos is not NTLM", NONE, LENGTH_NTLM, 16, BYTES("\5\4"), 1, LENGTH_BAD, 0},
    {"NTLM is not Kerberos", NONE, LENGTH_KERBEROS, 16, BYTES("\1\0"), 1, LENGTH_BAD, 0},
    {"either: NTLM", NONE, LENGTH_EITHER, 0, BYTES("\1\0\0\0aaaabbbbccccd"), 16, LENGTH_OPEN, 0},
    {"either: Kerberos", NONE, LENGTH_EITHER, 0,
     BYTES("\5\4\6\xff\0\0\0\x1c"
           "12345678d"),
     16, LENGTH_OPEN, 0},
    {"either: neither", NONE, LENGTH_EITHER, 0, BYTES("GET /"), 1, LENGTH_BAD, 0},
    {"a token of 20", NONE, LENGTH_KERBEROS, 20,
     BYTES("\5\4\6\xff\0\0\0\x1c"
           "12345678abcde"),
     20, LENGTH_OPEN, 0},
    {"signed only", NONE, LENGTH_KERBEROS, 16, BYTES("\5\4\5\xff\0\0"), 3, LENGTH_BAD, 0},
    {"no filler", NONE, LENGTH_KERBEROS, 16, BYTES("\5\4\6\xfe\0\0"), 4, LENGTH_BAD, 0},
    {"a MIC token", NONE, LENGTH_KERBEROS, 16, BYTES("\4\4\4\xff"), 1, LENGTH_BAD, 0},
    {"DER, one octet", NONE, LENGTH_KERBEROS, 16, BYTES("\x60\x54" DER), 15, LENGTH_KNOWN, 0x56},
    {"DER, two octets", NONE, LENGTH_KERBEROS, 16, BYTES("\x60\x81\xc8" DER), 16, LENGTH_KNOWN,
     203},
    {"DER, three octets", NONE, LENGTH_KERBEROS, 16, BYTES("\x60\x82\x01\x00" DER), 17,
     LENGTH_KNOWN, 260},
    {"DER, five octets", NONE, LENGTH_KERBEROS, 16, BYTES("\x60\x84\0\0\1\0" DER), 19, LENGTH_KNOWN,
     262},
    {"DER, of two gigabytes", NONE, LENGTH_KERBEROS, 16, BYTES("\x60\x84\x80\0\0\0" DER), 19,
     LENGTH_BAD, 0},
    {"DER, six octets", NONE, LENGTH_KERBEROS, 16, BYTES("\x60\x85\0\0\0\0\1" DER), 2, LENGTH_BAD,
     0},
    {"DER without length", NONE, LENGTH_KERBEROS, 16, BYTES("\x60\x80" DER), 2, LENGTH_BAD, 0},
    {"DER, another mechanism", NONE, LENGTH_KERBEROS, 16, BYTES("\x60\x54\x06\x06\x2b\x06\x01"), 4,
     LENGTH_BAD, 0},
    {"DER, a MIC", NONE, LENGTH_KERBEROS, 16, BYTES("\x60\x54" OID "\x01\x01"), 14, LENGTH_BAD, 0},
    {"DER, less than a token", NONE, LENGTH_KERBEROS, 16, BYTES("\x60\x20" DER), 15, LENGTH_BAD, 0},
    {"DER, a token alone (DCE)", NONE, LENGTH_KERBEROS, 16, BYTES("\x60\x2b" DER), 15, LENGTH_OPEN,
     0},
    {"TLS", NONE, LENGTH_TLS, 0, BYTES("\x17\3\3\x01\x02xx"), 5, LENGTH_KNOWN, 5 + 0x102},
    {"TLS, the longest", NONE, LENGTH_TLS, 0, BYTES("\x17\3\3\x48\x00xx"), 5, LENGTH_KNOWN,
     5 + 0x4800},
    {"TLS, longer", NONE, LENGTH_TLS, 0, BYTES("\x17\3\3\x48\x01xx"), 5, LENGTH_BAD, 0},
    {"TLS, no such type", NONE, LENGTH_TLS, 0, BYTES("\x13\3\3"), 1, LENGTH_BAD, 0},
    {"TLS, neither", NONE, LENGTH_TLS, 0, BYTES("\x19\3\3"), 1, LENGTH_BAD, 0},
    {"DTLS", NONE, LENGTH_TLS, 0, BYTES("\x17\xfe\xfd"), 2, LENGTH_BAD, 0},
    {"anything", NONE, LENGTH_ANY, 16, BYTES("x"), 1, LENGTH_OPEN, 0},
    /* clang-format on */
};

static void each_verdict_comes_with_its_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];

        for (size_t n = 0; n <= row->n; n++) {
            struct span at = test_guarded(row->bytes, n);
            struct length got = length_of(at, &row->prefix, row->token, row->least);
            bool decided = n >= row->at;

            if (got.verdict != (decided ? row->verdict : LENGTH_SHORT))
                fail_msg("%s: verdict %d with %zu bytes", row->name, got.verdict, n);
            if (!decided && (got.need <= n || (row->verdict != LENGTH_BAD && got.need > row->at)))
                fail_msg("%s: needs %zu with %zu bytes", row->name, got.need, n);
            if (decided && row->verdict == LENGTH_KNOWN && got.block != row->block)
                fail_msg("%s: %zu bytes", row->name, got.block);
            if (decided && row->verdict != LENGTH_BAD)
                assert_int_equal(got.prefix, row->prefix.size);
        }
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(each_verdict_comes_with_its_byte),
};

TEST_MAIN("length", tests)
