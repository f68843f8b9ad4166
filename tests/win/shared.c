/*
 * Shared. See shared.h.
 */
#include "shared.h"

struct end *shared_end;

void shared_start(struct end *end)
{
    shared_end = end;
    end_begin(end, 0);
}

void shared_each(void (*run)(struct end *))
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

void shared_rest(unsigned from)
{
    unsigned to;

    assert_int_equal(end_retired(shared_end), 1);
    for (; from < shared_end->blocks; from = to) {
        to = from + 4 < shared_end->blocks ? from + 4 : shared_end->blocks;
        end_receive(shared_end, from, to);
        end_got(shared_end, 0, to);
    }
    assert_int_equal(fake_calls, shared_end->blocks);
    assert_int_equal(end_retired(shared_end), 1);
}
