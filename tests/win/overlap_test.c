/*
 * Overlap: sends that go on while something else does, on streams of NT 4's NTLM that gss-ntlmssp
 * sealed: the provider takes from one key stream for both, and in which order cannot be seen. No
 * text is lost or invented by that; only cuts are not found any more.
 */
#include "shared.h"

static void send_once(void)
{
    fake_during = NULL;
    end_seal(shared_end, 5);
}

static void in_a_receive(struct end *end)
{
    shared_start(end);
    end_send(end, 0);
    fake_during = send_once;
    end_receive(shared_end, 0, 1);
    end_got(end, 0, 1);
    shared_rest(1);
}

static void a_send_in_a_receive(void **state)
{
    (void)state;
    shared_each(in_a_receive);
}

static void receive_once(void)
{
    fake_during_send = NULL;
    end_receive(shared_end, 0, 2);
}

static void in_a_send(struct end *end)
{
    shared_start(end);
    end_send(end, 0);
    fake_during_send = receive_once;
    end_seal(shared_end, 5);
    end_got(end, 0, 2);
    shared_rest(2);
}

static void a_receive_in_a_send(void **state)
{
    (void)state;
    shared_each(in_a_send);
}

/* Sends among themselves may come in any order: the sum is the same. */
static size_t inner_text;

static void send_inner(void)
{
    fake_during_send = NULL;
    end_seal(shared_end, inner_text);
}

static void in_another(struct end *end)
{
    const struct recording *recording = end->recording;
    struct span sealed;
    unsigned i = 1, at;

    shared_start(end);
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
    assert_int_equal(end_retired(shared_end), 0);
}

static void a_send_in_a_send_counts_once_each(void **state)
{
    (void)state;
    shared_each(in_another);
}

static void die(void)
{
    CtxtHandle handle = shared_end->caller->handle;

    fake_during_send = NULL;
    shim_DeleteSecurityContext(&handle);
}

static void dead_while_sending(struct end *end)
{
    shared_start(end);
    fake_during_send = die;
    end_seal(shared_end, 100);
    test_memory_all_back();
    assert_false(key_shared());
}

/* What was sealed on the connection before does not count on the next one. */
static void be_reborn(void)
{
    fake_during_send = NULL;
    shared_end->caller->handle = end_connect(shared_end);
}

static void reborn_while_sending(struct end *end)
{
    shared_start(end);
    end_seal(shared_end, 9);
    fake_during_send = be_reborn;
    end_seal(shared_end, 100);
    assert_int_equal(test_memory_out(), 2);
    end_receive_cut(shared_end, 0);
    assert_int_equal(end_retired(shared_end), 0);
}

static void a_context_may_end_while_it_sends(void **state)
{
    (void)state;
    shared_each(dead_while_sending);
    shared_each(reborn_while_sending);
}

/* The place at which the block was looked at is not the place any more. */
static void in_a_block(struct end *end)
{
    struct span sealed;

    shared_start(end);
    sealed = end_sealed(end, 0);
    end_send(end, 0);
    caller_present(end->caller, sealed.at, sealed.n - 1);
    assert_int_equal(fake_calls, 0);
    end_seal(shared_end, 1);
    assert_int_equal(end_retired(shared_end), 0);
    caller_present(end->caller, sealed.at + sealed.n - 1, 1);
    assert_int_equal(end->caller->status, SEC_E_OK);
    assert_int_equal(end_retired(shared_end), 1);
    assert_int_equal(fake_calls, 1);
}

static void a_send_between_two_parts_of_a_block(void **state)
{
    (void)state;
    shared_each(in_a_block);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_send_in_a_receive),
    cmocka_unit_test(a_receive_in_a_send),
    cmocka_unit_test(a_send_in_a_send_counts_once_each),
    cmocka_unit_test(a_context_may_end_while_it_sends),
    cmocka_unit_test(a_send_between_two_parts_of_a_block),
};

TEST_MAIN("overlap", tests)
