/*
 * Fault: whatever may be wrong in sspishim.ini, with its line, what is said of it, and the settings
 * that hold then.
 */
#include "test.h"

#include "said.h"

#define ALL SAID_DEFAULTS

/* With faults: the last sentence, how many there are, and the settings if not the defaults. */
static const struct bad {
    const char *text;
    enum fault_kind kind;
    const char *sentence;
    unsigned n; /* 0: one */
    const char *shown;
} bad[] = {
#define NOT_USED " The line is not used."
#define DEFAULT  " The default is used."
    {"\r\n;\r\n\r\n\r\n\r\n\r\nPartail=report", FAULT_KEY,
     "line 7: unknown key \"Partail\", did you mean \"Partial\"?" NOT_USED, 0, NULL},
    {"\n\rColour=red", FAULT_KEY, "line 3: unknown key \"Colour\"." NOT_USED, 0, NULL},
    {"\r\r\n=1", FAULT_KEY, "line 3: unknown key \"\"." NOT_USED, 0, NULL},
    {"max held=1", FAULT_KEY,
     "line 1: unknown key \"max held\", did you mean \"MaxHeld\"?" NOT_USED, 0, NULL},
    {"kerberostrail=1", FAULT_KEY,
     "line 1: unknown key \"kerberostrail\", did you mean \"KerberosTrial\"?" NOT_USED, 0, NULL},
    {"Targets=a.exe", FAULT_LATER,
     "line 1: this version does not have the key \"Targets\"." NOT_USED, 0, NULL},
    {"targets=\nAlignReceive=0\nLogLevel=x\nEVENTLOG=", FAULT_LATER,
     "line 4: this version does not have the key \"EVENTLOG\"." NOT_USED, 4, NULL},
    {"Enabled=0\nenabled=1", FAULT_REPEATED, "line 2: repeated key \"enabled\"." NOT_USED, 0,
     "0 7 auto - auto hold pass 0 auto 1048576"},
    {"Enabled=5\nEnabled=0", FAULT_REPEATED, "line 2: repeated key \"Enabled\"." NOT_USED, 2, NULL},
    {"Enabled 0 ; off", FAULT_EQUALS, "line 1: no = in \"Enabled 0\"." NOT_USED, 0, NULL},
    {"[Shim]\n[Shym]\nEnabled=0\nrubbish\n", FAULT_SECTION,
     "line 2: unknown section \"[Shym]\", did you mean \"[Shim]\"? It is skipped.", 0, NULL},
    {"[Log] ; theirs\nx\n[Shim]\nEnabled=0", FAULT_SECTION,
     "line 1: unknown section \"[Log]\". It is skipped.", 0,
     "0 7 auto - auto hold pass 0 auto 1048576"},
    {"[Shim\nEnabled=0", FAULT_SECTION,
     "line 1: unknown section \"[Shim\", did you mean \"[Shim]\"? It is skipped.", 0, NULL},
    {"[Shim] Enabled=0", FAULT_SECTION,
     "line 1: unknown section \"[Shim] Enabled=0\", did you mean \"[Shim]\"? It is skipped.", 0,
     NULL},
    {"[]", FAULT_SECTION, "line 1: unknown section \"[]\". It is skipped.", 0, NULL},
    {"Enabled=", FAULT_VALUE, "line 1: Enabled: bad value \"\" (0 or 1)." DEFAULT, 0, NULL},
    {"Enabled=yes", FAULT_VALUE, "line 1: Enabled: bad value \"yes\" (0 or 1)." DEFAULT, 0, NULL},
    {"Enabled=\"0\"", FAULT_VALUE, "line 1: Enabled: bad value \"\"0\"\" (0 or 1)." DEFAULT, 0,
     NULL},
    {"Enabled=0;off", FAULT_VALUE, "line 1: Enabled: bad value \"0;off\" (0 or 1)." DEFAULT, 0,
     NULL},
    {"Enabled=0 # off", FAULT_VALUE, "line 1: Enabled: bad value \"0 # off\" (0 or 1)." DEFAULT, 0,
     NULL},
    {"Enabled==0", FAULT_VALUE, "line 1: Enabled: bad value \"=0\" (0 or 1)." DEFAULT, 0, NULL},
    {"Enabled=2", FAULT_RANGE, "line 1: Enabled: value out of range \"2\" (0 or 1)." DEFAULT, 0,
     NULL},
    {"KerberosTrial=10", FAULT_RANGE,
     "line 1: KerberosTrial: value out of range \"10\" (0 or 1)." DEFAULT, 0, NULL},
    {"Packages=NTLM,Kerbros", FAULT_VALUE,
     "line 1: Packages: bad value \"Kerbros\", did you mean \"Kerberos\"?" DEFAULT, 0, NULL},
    {"Packages=NTLM;Kerberos", FAULT_VALUE,
     "line 1: Packages: bad value \"NTLM;Kerberos\" (NTLM, Kerberos, Negotiate)." DEFAULT, 0, NULL},
    {"Packages=NTLM, schannel", FAULT_VALUE,
     "line 1: Packages: bad value \"schannel\" (there is a key Schannel)." DEFAULT, 0, NULL},
    {"Packages= , ", FAULT_VALUE,
     "line 1: Packages: bad value \",\" (NTLM, Kerberos, Negotiate)." DEFAULT, 0, NULL},
    {"Framing=strikt", FAULT_VALUE,
     "line 1: Framing: bad value \"strikt\", did you mean \"strict\"?" DEFAULT, 0, NULL},
    {"Framing=der", FAULT_VALUE,
     "line 1: Framing: bad value \"der\" (auto, strict, prefix, whole)." DEFAULT, 0, NULL},
    {"\n\nFraming=prefix\n\n", FAULT_PREFIX,
     "line 3: Framing: without a valid Prefix there is no value \"prefix\"." DEFAULT, 0, NULL},
    {"Prefix=\nFraming=prefix\n", FAULT_PREFIX,
     "line 2: Framing: without a valid Prefix there is no value \"prefix\"." DEFAULT, 0, NULL},
    {"Framing=prefix\nPrefix=be64\n", FAULT_PREFIX,
     "line 1: Framing: without a valid Prefix there is no value \"prefix\"." DEFAULT, 2, NULL},
    {"Prefix=rest be32", FAULT_VALUE,
     "line 1: Prefix: bad value \"rest\" (be32, le32, be16, le16 come first)." DEFAULT, 0, NULL},
    {"Prefix=be23", FAULT_VALUE,
     "line 1: Prefix: bad value \"be23\", did you mean \"be32\"?" DEFAULT, 0, NULL},
    {"Prefix=be32 al", FAULT_VALUE,
     "line 1: Prefix: bad value \"al\", did you mean \"all\"?" DEFAULT, 0, NULL},
    {"Prefix=be32 strip", FAULT_VALUE,
     "line 1: Prefix: bad value \"strip\" (rest, all, token; stripped, present)." DEFAULT, 0, NULL},
    {"Prefix=be32 rest all", FAULT_VALUE,
     "line 1: Prefix: bad value \"all\" (one of its kind is there already)." DEFAULT, 0, NULL},
    {"Prefix=be32 present Present", FAULT_VALUE,
     "line 1: Prefix: bad value \"Present\" (one of its kind is there already)." DEFAULT, 0, NULL},
    {"Prefix=be32 be32", FAULT_VALUE,
     "line 1: Prefix: bad value \"be32\" (rest, all, token; stripped, present)." DEFAULT, 0, NULL},
    {"Deliver=colaesce", FAULT_VALUE,
     "line 1: Deliver: bad value \"colaesce\", did you mean \"coalesce\"?" DEFAULT, 0, NULL},
    {"Partial=keep", FAULT_VALUE, "line 1: Partial: bad value \"keep\" (hold, report)." DEFAULT, 0,
     NULL},
    {"Partial=hodl", FAULT_VALUE,
     "line 1: Partial: bad value \"hodl\", did you mean \"hold\"?" DEFAULT, 0, NULL},
    {"Schannel=1", FAULT_VALUE, "line 1: Schannel: bad value \"1\" (pass, repair)." DEFAULT, 0,
     NULL},
    {"MaxHeld=1kb", FAULT_VALUE, "line 1: MaxHeld: bad value \"1kb\" (0 to 268435456)." DEFAULT, 0,
     NULL},
    {"MaxHeld=-1", FAULT_VALUE, "line 1: MaxHeld: bad value \"-1\" (0 to 268435456)." DEFAULT, 0,
     NULL},
    {"MaxHeld=+1", FAULT_VALUE, "line 1: MaxHeld: bad value \"+1\" (0 to 268435456)." DEFAULT, 0,
     NULL},
    {"MaxHeld=0x10", FAULT_VALUE, "line 1: MaxHeld: bad value \"0x10\" (0 to 268435456)." DEFAULT,
     0, NULL},
    {"MaxHeld=268435457", FAULT_RANGE,
     "line 1: MaxHeld: value out of range \"268435457\" (0 to 268435456)." DEFAULT, 0, NULL},
    {"MaxHeld=18446744073709551617", FAULT_RANGE,
     "line 1: MaxHeld: value out of range \"18446744073709551617\" (0 to 268435456)." DEFAULT, 0,
     NULL},
    {"MaxHeld=0123456789012345678901234567890123456789", FAULT_RANGE,
     "line 1: MaxHeld: value out of range \"0123456789012345678901234567890123456789\""
     " (0 to 268435456)." DEFAULT,
     0, NULL},
    {"MaxHeld=x\n\xEF\xBB\xBF"
     "Enabled=0",
     FAULT_KEY, "line 2: unknown key \"???Enabled\"." NOT_USED, 2, NULL},
    {"a\t\x01\x7F"
     "0123456789012345678901234567890123456789=1",
     FAULT_KEY, "line 1: unknown key \"a???012345678901234567890123456789012345...\"." NOT_USED, 0,
     NULL},
    {"\xFF\xFEMaxHeld=1", FAULT_NOT_TEXT, "line 1: not ANSI or UTF-8 text. No setting is used.", 0,
     NULL},
    {"\xFE\xFFMaxHeld=1", FAULT_NOT_TEXT, "line 1: not ANSI or UTF-8 text. No setting is used.", 0,
     NULL},
};

static void each_fault_with_its_line_and_what_was_meant(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct bad *row = &bad[i];
        struct settings settings = said_read(row->text, strlen(row->text));
        unsigned n = row->n ? row->n : 1;

        if (said.n != n || said.faults[n - 1].kind != row->kind ||
            strcmp(said.text[n - 1], row->sentence) != 0 ||
            strcmp(said_show(&settings), row->shown ? row->shown : ALL) != 0)
            fail_msg("%s\ngives %s\nand says %u, the last: %s", row->text, said_show(&settings),
                     said.n, said.n ? said.text[(said.n - 1) % SAID] : "");
    }
}

/* 256 letters too many are not none too many. */
static void a_long_word_is_near_to_nothing(void **state)
{
    static const char name[] = "Enabled";
    char text[sizeof name - 1 + 256 + 2];

    (void)state;
    memset(text, 'x', sizeof text);
    memcpy(text + 256, name, sizeof name - 1);
    memcpy(text + sizeof text - 2, "=1", 2);
    said_read(text, sizeof text);
    assert_int_equal(said.n, 1);
    assert_int_equal(said.faults[0].kind, FAULT_KEY);
    assert_null(said.faults[0].meant);
}

static void a_nul_byte_anywhere_and_nothing_is_used(void **state)
{
    static const char text[] = "Enabled=0\r\nMaxHeld=5\n;\rPartial=report\n";
    char spoiled[sizeof text];

    (void)state;
    for (size_t i = 0; i < sizeof text - 1; i++) {
        unsigned line = 1 + (i > 10) + (i > 20) + (i > 22);
        struct settings settings;

        memcpy(spoiled, text, sizeof text);
        spoiled[i] = 0;
        settings = said_read(spoiled, sizeof text - 1);
        assert_string_equal(said_show(&settings), ALL);
        assert_int_equal(said.n, 1);
        assert_int_equal(said.faults[0].kind, FAULT_NOT_TEXT);
        if (i != 10) /* between CR and LF the lines are others */
            assert_int_equal(said.faults[0].line, line);
    }
}

static void a_sentence_is_cut_to_its_room(void **state)
{
    static unsigned char word[200];
    const struct fault longest = {
        4294967295u,     FAULT_REPEATED, {word, sizeof word},
        "KerberosTrial", NULL,           "be32, le32, be16, le16 come first"};
    char text[FAULT_TEXT + 1], whole[FAULT_TEXT];
    size_t n = fault_text(&longest, whole, sizeof whole);

    (void)state;
    assert_true(n < FAULT_TEXT - 1);
    for (size_t room = 1; room <= FAULT_TEXT; room++) {
        memset(text, 'x', sizeof text);
        assert_int_equal(fault_text(&longest, text, room), n < room ? n : room - 1);
        assert_int_equal(text[room], 'x');
        assert_int_equal(strncmp(text, whole, room - 1), 0);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(each_fault_with_its_line_and_what_was_meant),
    cmocka_unit_test(a_long_word_is_near_to_nothing),
    cmocka_unit_test(a_nul_byte_anywhere_and_nothing_is_used),
    cmocka_unit_test(a_sentence_is_cut_to_its_room),
};

TEST_MAIN("fault", tests)
