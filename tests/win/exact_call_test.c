/*
 * Exact calls: descriptors whose memory is not all of the block, or more than it. A program that
 * gets along with its provider that way gets along with the session key, too: one block a call
 * reaches the provider as it came, nothing is held, and what comes in the usual way afterwards is
 * still told apart.
 */
#include "context.h"
#include "end.h"
#include "exact.h"
#include "test.h"

#define TOKEN_WIDE 64 /* programs send that much of a token buffer, whatever was put into it */

static unsigned char bytes[1 << 17];

/* Presents block i behind `wide` bytes of TOKEN; what stands between is for nobody. */
enum layout { PADDED, WIDE, WIDE_APART, WIDE_LAST, LAYOUTS };

static void present(struct end *end, enum layout layout, unsigned i)
{
    struct span sealed = end_sealed(end, i), text = end_text(end, i);
    ULONG n = (ULONG)sealed.n - 16;
    unsigned char *data = bytes + (layout == WIDE_LAST ? 0 : layout == PADDED ? 16 : TOKEN_WIDE);
    unsigned char *token = layout == WIDE_LAST ? data + n : bytes;
    SecBuffer a[3] = {{16, SECBUFFER_TOKEN, token}, {n, SECBUFFER_DATA, data}};
    SecBufferDesc desc = {SECBUFFER_VERSION, 2, a};
    unsigned calls = fake_calls;

    memset(bytes, 0x5A, sizeof bytes);
    if (layout == WIDE_APART)
        a[1].pvBuffer = data += 100;
    memcpy(token, sealed.at, 16);
    memcpy(data, sealed.at + 16, n);
    if (layout == PADDED)
        a[desc.cBuffers++] = (SecBuffer){1 + i % 8, SECBUFFER_PADDING, data + n};
    else
        a[0].cbBuffer = TOKEN_WIDE;
    end_send(end, i);
    assert_int_equal(shim_DecryptMessage(&end->caller->handle, &desc, 0, NULL), SEC_E_OK);
    assert_int_equal(fake_calls, calls + 1);
    assert_ptr_equal(fake_call[calls].desc, &desc);
    assert_ptr_equal(a[1].pvBuffer, data);
    assert_int_equal(a[1].cbBuffer, text.n);
    if (text.n)
        assert_memory_equal(data, text.at, text.n);
}

static void whole_blocks(struct end *end)
{
    for (unsigned layout = 0; layout < LAYOUTS; layout++) {
        end_begin(end, 0);
        for (unsigned i = 0; i < 6; i++)
            present(end, layout, i);
        end_receive_cut(end, 6);
        assert_int_equal(end_retired(end), 0);
    }
}

static void what_the_provider_does_not_look_at_is_no_part_of_a_block(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2 * END_FILES; i++) {
        struct end end = {
            .recording = recording_load(end_files[i / 2]), .client = i & 1, .keyed = true};

        whole_blocks(&end);
        fake_reset(FAKE_ESS);
        test_memory_all_back();
    }
}

/* Of a signed message: what `status` of the provider does to the number that is to come next. */
static void verify(bool ess, SECURITY_STATUS status, bool retires)
{
    struct end end = {.recording = recording_load(end_files[ess ? 0 : 1]), .keyed = true};
    ULONG retired = caller_status().retired;
    struct context *context;

    end_begin(&end, 0);
    fake_verify = status;
    assert_int_equal(shim_VerifySignature(&end.caller->handle, NULL, 0, NULL), status);
    context = context_take(&end.caller->handle);
    assert_int_equal(context->rule.exact->retired, retires);
    if (!retires)
        assert_int_equal(context->rule.exact->sealing.number, 1);
    context_give(context);
    assert_int_equal(caller_status().retired - retired, retires);
    fake_reset(FAKE_ESS);
    test_memory_all_back();
}

static void a_verified_message_takes_a_number_and_a_refused_one_all(void **state)
{
    (void)state;
    verify(true, SEC_E_OK, false);
    verify(true, SEC_E_MESSAGE_ALTERED, true);
    verify(false, SEC_E_OK, true); /* whether it was signed at all cannot be seen */
    verify(false, SEC_E_MESSAGE_ALTERED, true);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_verified_message_takes_a_number_and_a_refused_one_all),
    cmocka_unit_test(what_the_provider_does_not_look_at_is_no_part_of_a_block),
};

TEST_MAIN("exact_call", tests)
