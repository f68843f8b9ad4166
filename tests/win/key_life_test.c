/*
 * Key, its life: what becomes of it when memory fails, when the provider's answer is not all that
 * happens, when the handle is used again, and what is left of it: nothing. That each piece of
 * memory is zero when it is freed the allocator of the tests looks after (test.h).
 */
#include "context.h"
#include "end.h"
#include "exact.h"
#include "key.h"
#include "leg.h"
#include "ntlm.h"
#include "read.h"

static const struct exact *exact_of(unsigned i)
{
    CtxtHandle handle = fake_handle(i);
    struct context *context = context_take(&handle);

    context_give(context);
    return context ? context->rule.exact : NULL;
}

static struct end end_of(unsigned file, bool client)
{
    return (struct end){
        .recording = recording_load(end_files[file]), .client = client, .keyed = true};
}

static void close_end(const struct end *end)
{
    CtxtHandle handle = end->caller->handle;

    assert_int_equal(shim_DeleteSecurityContext(&handle), SEC_E_OK);
    test_memory_all_back();
    assert_int_equal(fake_lent, 0);
    assert_false(key_shared());
}

static void receive_cut(const struct end *end, unsigned to)
{
    for (unsigned i = 0; i < to; i++)
        end_receive_cut(end, i);
}

static void each_end(void (*run)(struct end *))
{
    for (unsigned file = 0; file < END_FILES; file++)
        for (unsigned client = 0; client < 2; client++) {
            struct end end = end_of(file, client);

            run(&end);
        }
}

/* Each allocation of the handshake in turn; a merge needs no key. */
static void starved(struct end *end)
{
    unsigned asked = 0;

    for (unsigned nth = 0; nth <= asked; nth++) {
        test_fail_memory(nth);
        end_begin(end, 0);
        if (nth == 0)
            asked = test_memory_asked();
        test_fail_memory(0);
        assert_int_equal(exact_of(1) != NULL, nth == 0 || nth == 1);
        fake[1].flags = ISC_RET_CONFIDENTIALITY; /* for a context that is made only now */
        end_send(end, 0);
        end_receive(end, 0, 1);
        end_got(end, 0, 1);
        close_end(end);
    }
    assert_int_equal(asked, 3); /* a context for each of two legs, and one exact */
}

static void without_memory_there_is_none(void **state)
{
    (void)state;
    each_end(starved);
}

/* What a provider may do while he is asked: come back to us, and let other threads go on. */
static DWORD WINAPI go_on(void *unused)
{
    for (unsigned i = 0; i < FAKE_CONTEXTS; i++) {
        CtxtHandle handle = fake_handle(i);

        context_give(context_make(&handle));
    }
    (void)unused;
    return 0;
}

static void come_back(void)
{
    HANDLE thread = CreateThread(NULL, 0, go_on, NULL, 0, NULL);

    assert_int_equal(WaitForSingleObject(thread, 60000), WAIT_OBJECT_0);
    CloseHandle(thread);
    assert_int_equal(read_unseal(read_blocks(2, 2)), SEC_E_OK);
    go_on(NULL);
}

static void go_away(void)
{
    CtxtHandle handle = fake_handle(1);

    shim_DeleteSecurityContext(&handle);
}

static void nobody_waits_for_the_answer(void **state)
{
    static void (*const during[])(void) = {come_back, go_away};
    struct end end = end_of(0, true);

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        end_begin(&end, 0);
        fake_during_query = during[i];
        end.caller->handle = end_connect(&end);
        assert_int_equal(fake_asked, 2);
        receive_cut(&end, 3);
        fake_reset(FAKE_ESS);
        test_memory_all_back();
    }
}

/* The old key stream is at its fourth block: with it, nothing of the new connection would fit. */
static void reborn(struct end *end)
{
    end_begin(end, 0);
    receive_cut(end, 3);
    fake_replay_install(1, end->recording, end->client, 0);
    end->caller->handle = end_connect(end);
    assert_int_equal(test_memory_out(), 2);
    assert_false(exact_of(1)->retired);
    receive_cut(end, 3);
    close_end(end);
}

static void a_reborn_handle_has_its_own(void **state)
{
    (void)state;
    each_end(reborn);
}

static void dead_at_work(struct end *end)
{
    end_begin(end, 0);
    fake_during = go_away;
    end_send(end, 0);
    end_receive(end, 0, 1);
    end_got(end, 0, 1);
    assert_null(exact_of(1));
    close_end(end);
}

static void exported(struct end *end)
{
    end_begin(end, 0);
    receive_cut(end, 2);
    shim_ExportSecurityContext(&end->caller->handle, SECPKG_CONTEXT_EXPORT_DELETE_OLD, NULL, NULL);
    assert_null(exact_of(1));
    close_end(end);
}

static void it_dies_with_its_context(void **state)
{
    (void)state;
    each_end(dead_at_work);
    each_end(exported);
}

/* Nothing is left but that it is retired. */
static void check_wiped(const struct exact *exact)
{
    struct exact left = *exact;

    assert_true(left.retired);
    left.retired = left.waited = false;
    for (size_t i = 0; i < sizeof left; i++)
        assert_int_equal(((unsigned char *)&left)[i], 0);
}

static void retired(struct end *end)
{
    struct sspishim_status before = caller_status();

    end_begin(end, 0);
    fake_says[2] = SEC_E_MESSAGE_ALTERED;
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(caller_status().retired - before.retired, 0);
        end_send(end, i);
        end_receive(end, i, i + 1);
    }
    assert_int_equal(end->caller->status, SEC_E_MESSAGE_ALTERED);
    check_wiped(exact_of(1));
    for (unsigned i = 2; i < 6; i++)
        end_receive(end, i, i + 1);
    assert_int_equal(caller_status().retired - before.retired, 1);
    assert_int_equal(caller_status().exact - before.exact, 1);
    check_wiped(exact_of(1));
    close_end(end);
}

static void a_retired_one_is_wiped_and_counted_once(void **state)
{
    (void)state;
    each_end(retired);
}

/* A provider that seals in a way of his own would let a program wait for ever: once is enough. */
static void who_waited_in_vain_is_not_trusted_until_one_is_proven(void **state)
{
    struct end end = end_of(2, true), other = end_of(0, true);
    struct span sealed;

    (void)state;
    end_begin(&end, 0);
    assert_true(exact_of(1)->trusted);
    sealed = end_sealed(&end, 0);
    end_send(&end, 0);
    for (size_t n = 0; n < 3; n++) { /* his own waiting is no reason to doubt him */
        caller_present(end.caller, sealed.at + 10 * n, n < 2 ? 10 : sealed.n - 21);
        assert_int_equal(end.caller->status, SEC_E_OK);
    }
    assert_int_equal(fake_calls, 0);
    close_end(&end);

    end_begin(&other, 0);
    assert_true(exact_of(1)->trusted); /* it seals in another way */
    end_begin(&end, 0);
    assert_false(exact_of(1)->trusted);
    end_send(&end, 0);
    caller_present(end.caller, sealed.at, sealed.n - 1);
    assert_int_equal(end.caller->status, SEC_E_MESSAGE_ALTERED); /* as without a key */

    end_begin(&end, 0);
    assert_false(exact_of(1)->trusted);
    end_send(&end, 0);
    caller_present(end.caller, sealed.at, sealed.n);
    end_got(&end, 0, 1);
    end_begin(&end, 0);
    assert_true(exact_of(1)->trusted);
    receive_cut(&end, 3);
    close_end(&end);
}

/* A context in a way that no test has proven, of a provider that seals in a way of his own. */
static void connect_strange(unsigned i)
{
    static unsigned char key[SEALING_KEY] = "not his session";
    struct leg_token token = leg_authenticate(NTLM_SIGN | NTLM_SEAL | NTLM_ESS | NTLM_56);
    CtxtHandle handle;

    fake[i].key = (struct span){key, sizeof key};
    fake_value = fake_handle(i);
    leg_run(0, &handle, true, NULL, SEC_E_OK, &token);
    assert_non_null(exact_of(i));
}

/* Nor may all those that were there before it, or that come while it waits, as some do for ever. */
static void while_one_waits_the_others_do_not(void **state)
{
    (void)state;
    connect_strange(1);
    connect_strange(2);
    assert_int_equal(read_unseal(read_blocks(1, 1)), SEC_E_OK);
    assert_int_equal(fake_calls, 0);
    connect_strange(3);
    for (unsigned i = 2; i <= 3; i++) {
        struct io *io = read_blocks(i, 1);

        assert_int_equal(read_unseal(io), SEC_E_OK);
        assert_int_equal(fake_calls, i - 1);
        assert_int_equal(io->a[1].cbBuffer, 1);
    }
}

static int stop(void **state)
{
    (void)state;
    fake_reset(FAKE_ESS);
    test_memory_all_back();
    return 0;
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, read_start, stop)
    TEST(who_waited_in_vain_is_not_trusted_until_one_is_proven),
    TEST(while_one_waits_the_others_do_not),
    TEST(without_memory_there_is_none),
    TEST(nobody_waits_for_the_answer),
    TEST(a_reborn_handle_has_its_own),
    TEST(it_dies_with_its_context),
    TEST(a_retired_one_is_wiped_and_counted_once),
};

TEST_MAIN("key_life", tests)
