/*
 * Settings: each key and each value of sspishim.ini; a whole file, cut and spoilt; the sample.
 */
#include "test.h"

#include "said.h"

#define ALL SAID_DEFAULTS

/* Without a fault: what the text gives. */
static const struct {
    const char *text, *shown;
} good[] = {
    {"", ALL},
    {"\r\n\n\r ; a comment\n\t# another = 1\n;\n", ALL},
    {"Enabled=0", "0 7 auto - auto hold pass 0 auto 1048576"},
    {"Enabled = 1", ALL},
    {"[Shim]\nenabled=0", "0 7 auto - auto hold pass 0 auto 1048576"},
    {"  [ sHIM ] ; ours\n\tENABLED\t=\t0\t;off", "0 7 auto - auto hold pass 0 auto 1048576"},
    {"Packages=NTLM", "1 1 auto - auto hold pass 0 auto 1048576"},
    {"Packages=kerberos", "1 2 auto - auto hold pass 0 auto 1048576"},
    {"Packages=negotiate,NTLM", "1 5 auto - auto hold pass 0 auto 1048576"},
    {"Packages= NTLM , Kerberos\tNegotiate ", ALL},
    {"Framing=auto", ALL},
    {"Framing=strict", "1 7 strict - auto hold pass 0 auto 1048576"},
    {"Framing=WHOLE", "1 7 whole - auto hold pass 0 auto 1048576"},
    {"Framing=prefix\nPrefix=be32", "1 7 prefix be32/rest/stripped auto hold pass 0 auto 1048576"},
    {"Prefix=le32 present\nFraming=Prefix",
     "1 7 prefix le32/rest/present auto hold pass 0 auto 1048576"},
    {"Prefix=be16 all", "1 7 auto be16/all/stripped auto hold pass 0 auto 1048576"},
    {"Prefix=LE16 stripped token", "1 7 auto le16/token/stripped auto hold pass 0 auto 1048576"},
    {"Prefix=be32\tpresent  rest ; why",
     "1 7 auto be32/rest/present auto hold pass 0 auto 1048576"},
    {"Prefix=", ALL},
    {"Prefix= ; e.g. be32", ALL},
    {"Deliver=auto", ALL},
    {"Deliver=extra", "1 7 auto - extra hold pass 0 auto 1048576"},
    {"Deliver=coalesce", "1 7 auto - coalesce hold pass 0 auto 1048576"},
    {"Partial=hold", ALL},
    {"Partial=report", "1 7 auto - auto report pass 0 auto 1048576"},
    {"Schannel=pass", ALL},
    {"Schannel=repair", "1 7 auto - auto hold repair 0 auto 1048576"},
    {"KerberosTrial=0", ALL},
    {"KerberosTrial=1", "1 7 auto - auto hold pass 1 auto 1048576"},
    {"Exact=auto", ALL},
    {"Exact=OFF", "1 7 auto - auto hold pass 0 off 1048576"},
    {"MaxHeld=0", "1 7 auto - auto hold pass 0 auto 0"},
    {"MaxHeld=0065536", "1 7 auto - auto hold pass 0 auto 65536"},
    {"MaxHeld=268435456", "1 7 auto - auto hold pass 0 auto 268435456"},
    {"\xEF\xBB\xBF[Shim]\r\nMaxHeld=7\r\n\x1A", "1 7 auto - auto hold pass 0 auto 7"},
    {"; caf\xE9 \xC3\xA9\rMaxHeld=8\r", "1 7 auto - auto hold pass 0 auto 8"},
    {"[Shim]\nMaxHeld=9\n[shim]\nEnabled=0", "0 7 auto - auto hold pass 0 auto 9"},
};

static void each_value_of_each_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct settings settings = said_read(good[i].text, strlen(good[i].text));

        if (said.n || strcmp(said_show(&settings), good[i].shown) != 0)
            fail_msg("%s\ngives %s\nand says %u: %s", good[i].text, said_show(&settings), said.n,
                     said.n ? said.text[0] : "");
    }
}

static const char long_file[] =
    "\xEF\xBB\xBF; all of it\r\n[Shim]\r\n Enabled = 0 ; off\r\nPackages = NTLM, Kerberos\r\n"
    "# x\rFraming=prefix\rPrefix = be32 all present\n\nDeliver = coalesce\nPartial\t=\treport\n"
    "Schannel=repair\r\nKerberosTrial=1\r\nExact=off\nMaxHeld=4096 ; "
    "bytes\r\n[Other]\r\nx\r\n[Shim]\r\n";

static void every_beginning_of_a_file(void **state)
{
    struct settings settings;

    (void)state;
    for (size_t n = 0; n < sizeof long_file; n++)
        said_read(long_file, n);
    settings = said_read(long_file, sizeof long_file - 1);
    assert_string_equal(said_show(&settings),
                        "0 3 prefix be32/all/present coalesce report repair 1 off 4096");
    assert_int_equal(said.n, 1);
    assert_int_equal(said.faults[0].kind, FAULT_SECTION);
    assert_int_equal(said.faults[0].line, 15);
}

/* Whatever it is: no value is outside its enumeration, and no word outside the text. */
static void check_sane(struct settings settings, size_t n)
{
    assert_in_range(settings.framing, 0, SETTINGS_FRAMING_WHOLE);
    assert_in_range(settings.deliver, 0, SETTINGS_DELIVER_COALESCE);
    assert_in_range(settings.partial, 0, SETTINGS_PARTIAL_REPORT);
    assert_in_range(settings.packages, 1, 7);
    assert_in_range(settings.max_held, 0, SETTINGS_MAX_HELD_TOP);
    assert_true(settings.framing != SETTINGS_FRAMING_PREFIX || settings.prefix.size);
    for (unsigned i = 0; i < said.n && i < SAID; i++)
        assert_true(said.faults[i].word.n <= (n > 6 ? n : 6));
}

static void random_bytes_and_random_slips(void **state)
{
    static const char likely[] = "\r\n=;# \t[],.\0ShimPrefix0129be32";
    unsigned char text[sizeof long_file];

    (void)state;
    for (unsigned round = 0; round < 40000; round++) {
        size_t n = round % 2 ? sizeof long_file - 1 : test_random() % sizeof text;
        size_t slips = round % 2 ? 1 + test_random() % 8 : n;

        memcpy(text, long_file, n);
        for (size_t i = 0; i < slips; i++)
            text[round % 2 ? test_random() % n : i] =
                test_random() % 4 ? (unsigned char)likely[test_random() % (sizeof likely - 1)]
                                  : (unsigned char)test_random();
        check_sane(said_read(text, n), n);
    }
}

/* The sample of the zip: once as it is, once with every key alive. */
static void the_sample_has_no_fault(void **state)
{
    FILE *file = fopen("package/sspishim.ini", "rb");
    char text[8192];
    size_t n, keys = 0;
    struct settings settings;

    (void)state;
    assert_non_null(file);
    n = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[n] = 0;
    settings = said_read(text, n);
    assert_int_equal(said.n, 0);
    assert_string_equal(said_show(&settings), ALL);
    for (size_t i = 0; i + 1 < n; i++)
        if (text[i] == ';' && (i == 0 || text[i - 1] == '\n') && text[i + 1] != ' ') {
            text[i] = ' ';
            keys++;
        }
    assert_int_equal(keys, SETTINGS_KEYS);
    settings = said_read(text, n);
    if (said.n)
        fail_msg("%s", said.text[0]);
    assert_string_equal(said_show(&settings), ALL);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(each_value_of_each_key),
    cmocka_unit_test(every_beginning_of_a_file),
    cmocka_unit_test(random_bytes_and_random_slips),
    cmocka_unit_test(the_sample_has_no_fault),
};

TEST_MAIN("settings", tests)
