/*
 * Overlap: sends that go on while something else does, on streams of NT 4's NTLM that gss-ntlmssp
 * sealed: the provider takes from one key stream for both, and in which order cannot be seen. No
 * text is lost or invented by that; only cuts are not found any more.
 */
#include "context.h"
#include "end.h"
#include "exact.h"
#include "key.h"
#include "test.h"

static struct end *now; /* the connection at work */

static void start(struct end *end)
{
    now = end;
    end_begin(end, 0);
}

static void each_end(void (*run)(struct end *))
{
    for (unsigned i = 0; i < 4; i++) {
        struct end end = {
            .recording = recording_load(end_files[1 + i / 2]), .client = i & 1, .keyed = true};

        run(&end);
        fake_reset(FAKE_ESS);
        test_memory_all_back();
        assert_false(key_shared());
    }
}

/* Behind a first block with an overlap: merges are told apart by what can be seen of them. */
static void rest_arrives(unsigned from)
{
    unsigned to;

    assert_int_equal(end_retired(now), 1);
    for (; from < now->blocks; from = to) {
        to = from + 4 < now->blocks ? from + 4 : now->blocks;
        end_receive(now, from, to);
        end_got(now, 0, to);
    }
    assert_int_equal(fake_calls, now->blocks);
    assert_int_equal(end_retired(now), 1);
}

static void send_once(void)
{
    fake_during = NULL;
    end_seal(now, 5);
}

static void in_a_receive(struct end *end)
{
    start(end);
    end_send(end, 0);
    fake_during = send_once;
    end_receive(now, 0, 1);
    end_got(end, 0, 1);
    rest_arrives(1);
}

static void a_send_in_a_receive(void **state)
{
    (void)state;
    each_end(in_a_receive);
}

static void receive_once(void)
{
    fake_during_send = NULL;
    end_receive(now, 0, 2);
}

static void in_a_send(struct end *end)
{
    start(end);
    end_send(end, 0);
    fake_during_send = receive_once;
    end_seal(now, 5);
    end_got(end, 0, 2);
    rest_arrives(2);
}

static void a_receive_in_a_send(void **state)
{
    (void)state;
    each_end(in_a_send);
}

/* Sends among themselves may come in any order: the sum is the same. */
static size_t inner_text;

static void send_inner(void)
{
    fake_during_send = NULL;
    end_seal(now, inner_text);
}

static void in_another(struct end *end)
{
    const struct recording *recording = end->recording;
    struct span sealed;
    unsigned i = 1, at;

    start(end);
    end_receive_cut(end, 0);
    for (; end->order[i] - end->order[i - 1] < 3; i++)
        end_receive_cut(end, i);
    /* Of at least two messages that this end sends now the last one is in the one before it. */
    at = end->order[i] - 1;
    for (unsigned early = end->order[i - 1] + 1; early < at - 1; early++)
        end_seal(end, recording->block[early].text.n);
    inner_text = recording->block[at].text.n;
    fake_during_send = send_inner;
    end_seal(end, recording->block[at - 1].text.n);
    sealed = end_sealed(end, i);
    caller_present(end->caller, sealed.at, sealed.n - 1);
    assert_int_equal(fake_calls, i);
    caller_present(end->caller, sealed.at + sealed.n - 1, 1);
    assert_int_equal(fake_calls, i + 1);
    assert_int_equal(end->caller->status, SEC_E_OK);
    assert_int_equal(end_retired(now), 0);
}

static void a_send_in_a_send_counts_once_each(void **state)
{
    (void)state;
    each_end(in_another);
}

static void die(void)
{
    CtxtHandle handle = now->caller->handle;

    fake_during_send = NULL;
    shim_DeleteSecurityContext(&handle);
}

static void dead_while_sending(struct end *end)
{
    start(end);
    fake_during_send = die;
    end_seal(now, 100);
    test_memory_all_back();
    assert_false(key_shared());
}

/* What was sealed on the connection before does not count on the next one. */
static void be_reborn(void)
{
    fake_during_send = NULL;
    now->caller->handle = end_connect(now);
}

static void reborn_while_sending(struct end *end)
{
    start(end);
    end_seal(now, 9);
    fake_during_send = be_reborn;
    end_seal(now, 100);
    assert_int_equal(test_memory_out(), 2);
    end_receive_cut(now, 0);
    assert_int_equal(end_retired(now), 0);
}

static void a_context_may_end_while_it_sends(void **state)
{
    (void)state;
    each_end(dead_while_sending);
    each_end(reborn_while_sending);
}

/* The place at which the block was looked at is not the place any more. */
static void in_a_block(struct end *end)
{
    struct span sealed;

    start(end);
    sealed = end_sealed(end, 0);
    end_send(end, 0);
    caller_present(end->caller, sealed.at, sealed.n - 1);
    assert_int_equal(fake_calls, 0);
    end_seal(now, 1);
    assert_int_equal(end_retired(now), 0);
    caller_present(end->caller, sealed.at + sealed.n - 1, 1);
    assert_int_equal(end->caller->status, SEC_E_OK);
    assert_int_equal(end_retired(now), 1);
    assert_int_equal(fake_calls, 1);
}

static void a_send_between_two_parts_of_a_block(void **state)
{
    (void)state;
    each_end(in_a_block);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_send_in_a_receive),
    cmocka_unit_test(a_receive_in_a_send),
    cmocka_unit_test(a_send_in_a_send_counts_once_each),
    cmocka_unit_test(a_context_may_end_while_it_sends),
    cmocka_unit_test(a_send_between_two_parts_of_a_block),
};

TEST_MAIN("overlap", tests)
