/*
 * Race: two threads, one that sends and one that receives, on streams of NT 4's NTLM that
 * gss-ntlmssp sealed (overlap_test.c has what one thread can do).
 */
#include "shared.h"

/* A thread whose send stays in the provider until it is told to go on. */
static HANDLE thread, inside, go_on;

static void stay(void)
{
    SetEvent(inside);
    WaitForSingleObject(go_on, 60000);
}

static DWORD WINAPI send_there(void *unused)
{
    (void)unused;
    end_seal(shared_end, 5);
    return 0;
}

static void send_begins(void)
{
    fake_during = NULL;
    fake_during_send = stay;
    thread = CreateThread(NULL, 0, send_there, NULL, 0, NULL);
    assert_int_equal(WaitForSingleObject(inside, 60000), WAIT_OBJECT_0);
}

static void send_ends(void)
{
    fake_during = NULL;
    SetEvent(go_on);
    assert_int_equal(WaitForSingleObject(thread, 60000), WAIT_OBJECT_0);
    CloseHandle(thread);
}

/* The send is first to begin and first to end. */
static void before_it(struct end *end)
{
    shared_start(end);
    end_send(end, 0);
    send_begins();
    fake_during = send_ends;
    end_receive(shared_end, 0, 2);
    end_got(end, 0, 2);
    shared_rest(2);
}

/* The send is last to begin and last to end. */
static void behind_it(struct end *end)
{
    shared_start(end);
    end_send(end, 0);
    fake_during = send_begins;
    end_receive(shared_end, 0, 1);
    end_got(end, 0, 1);
    send_ends();
    shared_rest(1);
}

static void a_send_and_a_receive_that_reach_into_each_other(void **state)
{
    (void)state;
    inside = CreateEventA(NULL, FALSE, FALSE, NULL);
    go_on = CreateEventA(NULL, FALSE, FALSE, NULL);
    shared_each(before_it);
    shared_each(behind_it);
    CloseHandle(inside);
    CloseHandle(go_on);
}

/*
 * What this end sends behind each block is sent by another thread: as a rule as soon as the receive
 * is over, now and then as soon as the provider has the block.
 */
static HANDLE block_came, sent;
static unsigned block_at;
static volatile LONG running, receiving;
static unsigned connections, overlaps;

static void it_came(void)
{
    block_at++;
    SetEvent(block_came);
}

static DWORD WINAPI answer_blocks(void *unused)
{
    (void)unused;
    for (;;) {
        WaitForSingleObject(block_came, 60000);
        if (!running)
            return 0;
        if (test_random() % 40)
            while (receiving)
                Sleep(0);
        if (block_at < shared_end->blocks)
            end_send(shared_end, block_at);
        SetEvent(sent);
    }
}

static void at_once(struct end *end)
{
    shared_start(end);
    end_send(end, 0);
    block_at = 0;
    fake_during = it_came;
    for (unsigned i = 0; i < end->blocks; i++) {
        receiving = 1;
        end_receive(end, i, i + 1);
        receiving = 0;
        assert_int_equal(WaitForSingleObject(sent, 60000), WAIT_OBJECT_0);
    }
    end_got(end, 0, end->blocks);
    assert_int_equal(fake_calls, end->blocks);
    assert_true(end_retired(shared_end) <= 1);
    connections++;
    overlaps += end_retired(shared_end);
}

static void two_threads_at_once(void **state)
{
    HANDLE sender;

    (void)state;
    block_came = CreateEventA(NULL, FALSE, FALSE, NULL);
    sent = CreateEventA(NULL, FALSE, FALSE, NULL);
    running = 1;
    sender = CreateThread(NULL, 0, answer_blocks, NULL, 0, NULL);
    for (unsigned round = 0; round < 25; round++)
        shared_each(at_once);
    running = 0;
    SetEvent(block_came);
    assert_int_equal(WaitForSingleObject(sender, 60000), WAIT_OBJECT_0);
    print_message("%u connections, %u with an overlap\n", connections, overlaps);
    CloseHandle(sender);
    CloseHandle(block_came);
    CloseHandle(sent);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_send_and_a_receive_that_reach_into_each_other),
    cmocka_unit_test(two_threads_at_once),
};

TEST_MAIN("race", tests)
