/*
 * Exact calls: descriptors whose memory is not all of the block, or more than it. A program that
 * gets along with its provider that way gets along with the session key, too: one block a call
 * reaches the provider as it came, nothing is held, and what comes in the usual way afterwards is
 * still told apart.
 */
#include "end.h"
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

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(what_the_provider_does_not_look_at_is_no_part_of_a_block),
};

TEST_MAIN("exact_call", tests)
