/*
 * Lifecycle: which call gives a handle its state, and which takes it away. The state shows in what
 * becomes of a merge: a context known to seal is repaired without a question to the provider.
 */
#include "leg.h"
#include "read.h"

#include "context.h"

static unsigned char token_bytes[64] = "NTLMSSP\0\3";

/* An output or input token that says: extended session security, sealing. */
static SecBuffer token(void)
{
    ULONG flags = 0x80020;

    memcpy(token_bytes + 60, &flags, 4);
    return (SecBuffer){sizeof token_bytes, SECBUFFER_TOKEN, token_bytes};
}

static struct context *state_of(unsigned i)
{
    CtxtHandle handle = fake_handle(i);
    struct context *context = context_take(&handle);

    context_give(context);
    return context;
}

static void every_leg_that_succeeds_is_a_birth(void **state)
{
    (void)state;
    for (unsigned i = 0; i < LEG_CALLS; i++) {
        SecBuffer said;
        SecBufferDesc out = {SECBUFFER_VERSION, 1, &said};
        CtxtHandle handle;

        read_start(state);
        fake_value = fake_handle(1);
        fake_token = token();
        assert_int_equal(leg_calls[i](NULL, NULL, &handle, &out), SEC_E_OK);
        assert_true(state_of(1)->judged);
        assert_int_equal(state_of(1)->rule.kind, FRAME_ESS);
    }
}

static void the_value_may_change_from_leg_to_leg_in_one_variable(void **state)
{
    (void)state;
    for (unsigned i = 0; i < LEG_CALLS; i++) {
        SecBuffer said, heard = token();
        SecBufferDesc out = {SECBUFFER_VERSION, 1, &said}, in = {SECBUFFER_VERSION, 1, &heard};
        CtxtHandle handle;

        read_start(state);
        fake_leg = SEC_I_CONTINUE_NEEDED;
        fake_value = fake_handle(1);
        assert_int_equal(leg_calls[i](NULL, &in, &handle, &out), SEC_I_CONTINUE_NEEDED);
        assert_non_null(state_of(1));
        assert_false(state_of(1)->judged); /* a first leg's input says nothing */
        fake_leg = SEC_E_OK;
        fake_value = fake_handle(2);
        assert_int_equal(leg_calls[i](&handle, &in, &handle, &out), SEC_E_OK);
        assert_null(state_of(1));
        assert_true(state_of(2)->judged);
    }
}

static void a_leg_that_fails_changes_nothing(void **state)
{
    SecBuffer said;
    SecBufferDesc out = {SECBUFFER_VERSION, 1, &said};
    CtxtHandle handle = fake_handle(1);

    (void)state;
    fake_value = fake_handle(1);
    fake_token = token();
    assert_int_equal(leg_calls[0](NULL, NULL, &handle, &out), SEC_E_OK);
    fake_leg = SEC_E_LOGON_DENIED;
    assert_int_equal(leg_calls[0](&handle, NULL, &handle, &out), SEC_E_LOGON_DENIED);
    assert_true(state_of(1)->judged);
    fake_leg = SEC_E_INVALID_TOKEN;
    assert_int_equal(leg_calls[0](NULL, NULL, NULL, NULL), SEC_E_INVALID_TOKEN);
}

static void import_and_complete_are_births_too(void **state)
{
    CtxtHandle handle = {0};
    SecBuffer said = token();
    SecBufferDesc desc = {SECBUFFER_VERSION, 1, &said};

    (void)state;
    fake_value = fake_handle(3);
    assert_int_equal(shim_ImportSecurityContextA(NULL, NULL, NULL, &handle), SEC_E_OK);
    assert_non_null(state_of(3));
    fake_value = fake_handle(4);
    assert_int_equal(shim_ImportSecurityContextW(NULL, NULL, NULL, &handle), SEC_E_OK);
    assert_non_null(state_of(4));
    assert_int_equal(shim_CompleteAuthToken(&handle, &desc), SEC_E_OK);
    assert_true(state_of(4)->judged);
}

static void delete_and_export_with_delete_are_deaths(void **state)
{
    CtxtHandle handle = fake_handle(5);

    (void)state;
    fake_value = handle;
    shim_ImportSecurityContextA(NULL, NULL, NULL, &handle);
    assert_int_equal(shim_ExportSecurityContext(&handle, 0, NULL, NULL), SEC_E_OK);
    assert_non_null(state_of(5));
    fake_leg = SEC_E_UNSUPPORTED_FUNCTION;
    shim_ExportSecurityContext(&handle, SECPKG_CONTEXT_EXPORT_DELETE_OLD, NULL, NULL);
    assert_non_null(state_of(5));
    fake_leg = SEC_E_OK;
    shim_ExportSecurityContext(&handle, SECPKG_CONTEXT_EXPORT_DELETE_OLD, NULL, NULL);
    assert_null(state_of(5));
    shim_ImportSecurityContextA(NULL, NULL, NULL, &handle);
    assert_int_equal(shim_DeleteSecurityContext(&handle), SEC_E_OK);
    assert_null(state_of(5));
    assert_int_equal(shim_DeleteSecurityContext(NULL), SEC_E_OK);
}

static void a_context_told_by_its_handshake_is_repaired_without_a_question(void **state)
{
    SecBuffer said;
    SecBufferDesc out = {SECBUFFER_VERSION, 1, &said};
    struct io *io;

    (void)state;
    fake_value = fake_handle(1);
    fake_token = token();
    fake[1].trailer = fake[1].flags = 0;
    assert_int_equal(leg_calls[0](NULL, NULL, &fake_value, &out), SEC_E_OK);
    io = read_blocks(1, 2);
    assert_int_equal(read_unseal(io), SEC_E_OK);
    read_delivers(io, "abb");
    assert_int_equal(fake_queries, 0);
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, read_start)
    TEST(every_leg_that_succeeds_is_a_birth),
    TEST(the_value_may_change_from_leg_to_leg_in_one_variable),
    TEST(a_leg_that_fails_changes_nothing),
    TEST(import_and_complete_are_births_too),
    TEST(delete_and_export_with_delete_are_deaths),
    TEST(a_context_told_by_its_handshake_is_repaired_without_a_question),
};

TEST_MAIN("lifecycle", tests)
