/*
 * Context: the table, its births and deaths, and threads.
 */
#include "read.h"

#include "context.h"

#define MANY 100000

static const struct birth plain;

static CtxtHandle value(ULONG_PTR lower)
{
    return (CtxtHandle){lower, 5};
}

static bool known(ULONG_PTR lower)
{
    CtxtHandle v = value(lower);
    struct context *context = context_take(&v);

    context_give(context);
    return context != NULL;
}

static void both_words_are_the_key_and_0_is_a_value(void **state)
{
    CtxtHandle v = value(0), other = {0, 6};

    (void)state;
    assert_null(context_take(&v));
    context_born(&v, &plain);
    assert_true(known(0));
    assert_null(context_take(&other));
    context_died(&v);
    assert_false(known(0));
}

static void a_hundred_thousand_are_found_and_forgotten(void **state)
{
    (void)state;
    for (ULONG_PTR i = 0; i < MANY; i++) {
        CtxtHandle v = value(0x10000 + i * 16);

        context_born(&v, &plain);
    }
    for (ULONG_PTR i = 0; i < MANY; i++)
        assert_true(known(0x10000 + i * 16));
    assert_false(known(0x10008));
    for (ULONG_PTR i = 0; i < MANY; i++) {
        CtxtHandle v = value(0x10000 + i * 16);

        context_died(&v);
        assert_false(known(0x10000 + i * 16));
    }
}

static void a_birth_drops_what_was_kept_and_counts_it(void **state)
{
    CtxtHandle v = value(1);
    unsigned char kept[10] = {1, 2, 3};
    ULONG lost = caller_status().lost;
    struct context *context;

    (void)state;
    context_born(&v, &plain);
    context = context_take(&v);
    assert_true(hold_append(&context->held, (struct span){kept, 10}));
    context->dead = SEC_E_MESSAGE_ALTERED;
    context_give(context);
    context_born(&v, &plain);
    context = context_take(&v);
    assert_int_equal(context->held.n, 0);
    assert_int_equal(context->dead, SEC_E_OK);
    context_give(context);
    context_died(&v);
    assert_int_equal(caller_status().lost - lost, 10);
}

static void what_a_leg_knew_goes_on_in_the_next_unless_the_handle_is_new(void **state)
{
    CtxtHandle first = value(1), second = value(2);
    struct birth told = {.flags = 0x80020}, next = {.from = &first};
    struct context *context;

    (void)state;
    context_born(&first, &told);
    context_born(&second, &next);
    assert_false(known(1));
    context = context_take(&second);
    assert_true(context->judged);
    assert_int_equal(context->rule.kind, FRAME_ESS);
    context_give(context);
    context_born(&second, &plain);
    context = context_take(&second);
    assert_false(context->judged);
    context_give(context);
    context_died(&second);
}

static void flags_decide_the_kind(void **state)
{
    static const struct {
        ULONG flags;
        enum frame_kind kind;
    } rows[] = {
        {0x80020, FRAME_ESS}, {0x20, FRAME_NT4}, {0x80010, FRAME_WHOLE}, {0x80060, FRAME_WHOLE}};
    CtxtHandle v = value(3);

    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        struct birth told = {.flags = rows[i].flags};
        struct context *context;

        context_born(&v, &told);
        context = context_take(&v);
        assert_int_equal(context->rule.kind, rows[i].kind);
        context_give(context);
    }
    context_died(&v);
}

static void without_memory_a_birth_still_ends_the_old_one(void **state)
{
    CtxtHandle v = value(4);

    (void)state;
    context_born(&v, &plain);
    test_fail_memory(1);
    context_born(&v, &plain);
    test_fail_memory(0);
    assert_false(known(4));
    test_fail_memory(1);
    assert_null(context_make(&v));
    test_fail_memory(0);
}

static void a_thread_that_comes_back_gets_nothing(void **state)
{
    CtxtHandle v = value(6);
    struct context *context = context_make(&v);

    (void)state;
    assert_non_null(context);
    assert_null(context_take(&v));
    assert_null(context_make(&v));
    context_give(context);
    assert_true(known(6));
    context_died(&v);
}

/* Deleting during a decrypt: the provider's call deletes, as another thread would. */
static void delete_now(void)
{
    CtxtHandle handle = fake_handle(1);

    fake_during = NULL;
    shim_DeleteSecurityContext(&handle);
}

static void deleting_during_an_unseal_is_harmless(void **state)
{
    unsigned out = test_memory_out(); /* the table's own, after the hundred thousand */
    struct io *io = read_blocks(1, 3);

    (void)state;
    fake_during = delete_now;
    assert_int_equal(read_unseal(io), SEC_E_OK);
    read_delivers(io, "abbccc");
    assert_int_equal(test_memory_out(), out);
}

/* Eight threads, each with a context of its own, merges all the time, births and deaths between. */
static DWORD WINAPI work(void *number)
{
    unsigned me = (unsigned)(ULONG_PTR)number;
    unsigned char bytes[256];
    ULONG bad = 0;

    for (unsigned round = 0; round < 400; round++) {
        SecBuffer a[2];
        SecBufferDesc desc = {SECBUFFER_VERSION, 2, a};
        CtxtHandle handle = fake_handle(me);
        size_t n = fake_seal(me, "hello ", 6, bytes);

        n += fake_seal(me, "world", 5, bytes + n);
        a[0] = (SecBuffer){16, SECBUFFER_TOKEN, bytes};
        a[1] = (SecBuffer){(ULONG)n - 16, SECBUFFER_DATA, bytes + 16};
        bad += shim_DecryptMessage(&handle, &desc, 0, NULL) != SEC_E_OK || a[1].cbBuffer != 11 ||
               memcmp(bytes + 16, "hello world", 11) != 0;
        if (round % 5 == 0)
            context_born(&handle, &plain);
        if (round % 7 == 0)
            shim_DeleteSecurityContext(&handle);
    }
    return bad;
}

static void run_threads(DWORD(WINAPI *what)(void *), unsigned n, DWORD *sum)
{
    HANDLE threads[8];

    *sum = 0;
    for (unsigned i = 0; i < n; i++)
        threads[i] = CreateThread(NULL, 0, what, (void *)(ULONG_PTR)(i + 2), 0, NULL);
    for (unsigned i = 0; i < n; i++) {
        DWORD code = 1;

        assert_int_equal(WaitForSingleObject(threads[i], 60000), WAIT_OBJECT_0);
        GetExitCodeThread(threads[i], &code);
        CloseHandle(threads[i]);
        *sum += code;
    }
}

static void eight_threads_on_contexts_of_their_own(void **state)
{
    DWORD bad;

    (void)state;
    run_threads(work, 8, &bad);
    assert_int_equal(bad, 0);
}

/* Against the rules: all threads on one context, and one value born and deleted all the time. */
static DWORD WINAPI fight(void *number)
{
    CtxtHandle v = value(9);

    for (unsigned round = 0; round < 3000; round++) {
        struct context *context = context_make(&v);
        unsigned char byte = 1;

        if (context) {
            hold_append(&context->held, (struct span){&byte, 1});
            hold_consume(&context->held, round % 3);
        }
        if ((round + (ULONG_PTR)number) % 50 == 0)
            context_died(&v);
        if ((round + (ULONG_PTR)number) % 70 == 0)
            context_born(&v, &plain);
        context_give(context);
    }
    return 0;
}

static void eight_threads_on_one_value_do_not_crash(void **state)
{
    unsigned out = test_memory_out();
    CtxtHandle v = value(9);
    DWORD bad;

    (void)state;
    run_threads(fight, 8, &bad);
    context_died(&v);
    assert_int_equal(test_memory_out(), out);
}

static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, read_start)
    TEST(both_words_are_the_key_and_0_is_a_value),
    TEST(a_hundred_thousand_are_found_and_forgotten),
    TEST(a_birth_drops_what_was_kept_and_counts_it),
    TEST(what_a_leg_knew_goes_on_in_the_next_unless_the_handle_is_new),
    TEST(flags_decide_the_kind),
    TEST(without_memory_a_birth_still_ends_the_old_one),
    TEST(a_thread_that_comes_back_gets_nothing),
    TEST(deleting_during_an_unseal_is_harmless),
    TEST(eight_threads_on_contexts_of_their_own),
    TEST(eight_threads_on_one_value_do_not_crash),
};

TEST_MAIN("context", tests)
