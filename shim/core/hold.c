/*
 * Hold. See hold.h.
 */
#include "hold.h"

#include "bytes.h"
#include "memory.h"

#define CAP_MIN  512
#define MORE_MAX ((size_t)1 << 29) /* sums of two fit everywhere, doubled too */

struct span hold_bytes(const struct hold *hold)
{
    return (struct span){hold->base ? hold->base + hold->from : NULL, hold->n};
}

void hold_drop(struct hold *hold)
{
    if (hold->base) {
        bytes_wipe(hold->base, hold->cap);
        memory_give(hold->base);
    }
    *hold = (struct hold){0};
}

/* Room for twice the n bytes in all, so that many small additions cost no more than their sum. */
static bool grow(struct hold *hold, size_t n)
{
    struct hold wider = {
        .cap = CAP_MIN, .settled = hold->settled, .from = hold->settled, .n = hold->n};

    while (wider.cap / 2 < wider.from + n)
        wider.cap *= 2;
    wider.base = memory_take(wider.cap);
    if (!wider.base)
        return false;
    if (hold->settled)
        memcpy(wider.base, hold->base, hold->settled);
    if (hold->n)
        memcpy(wider.base + wider.from, hold->base + hold->from, hold->n);
    hold_drop(hold);
    *hold = wider;
    return true;
}

bool hold_reserve(struct hold *hold, size_t n)
{
    if (n > MORE_MAX || hold->n > MORE_MAX)
        return false;
    return n <= hold->cap - hold->from - hold->n || grow(hold, hold->n + n);
}

bool hold_append(struct hold *hold, struct span bytes)
{
    if (bytes.n == 0)
        return true;
    if (!hold_reserve(hold, bytes.n))
        return false;
    memcpy(hold->base + hold->from + hold->n, bytes.at, bytes.n);
    hold->n += bytes.n;
    return true;
}

void hold_settle(struct hold *hold, size_t spent, struct span plain)
{
    unsigned char *end = hold->base + hold->from + spent, *front = hold->base + hold->settled;

    memmove(front, plain.at, plain.n);
    bytes_wipe(front + plain.n, (size_t)(end - front) - plain.n);
    hold->settled += plain.n;
    hold->from += spent;
    hold->n -= spent;
    if (hold->n == 0 && hold->settled == 0)
        hold_drop(hold);
}

bool hold_hand_over(struct hold *hold, struct hold *to)
{
    size_t n = hold->settled;

    if (n == 0)
        return true;
    if (to->n == 0 && to->settled == 0 && hold->n == 0) {
        hold_drop(to);
        *to = (struct hold){.base = hold->base, .cap = hold->cap, .n = n};
        *hold = (struct hold){0};
        return true;
    }
    if (!hold_append(to, (struct span){hold->base, n}))
        return false;
    bytes_wipe(hold->base, n);
    hold->settled = 0;
    hold_consume(hold, 0);
    return true;
}

void hold_consume(struct hold *hold, size_t n)
{
    if (n >= hold->n && !hold->settled) {
        hold_drop(hold);
        return;
    }
    if (n > hold->n)
        n = hold->n;
    bytes_wipe(hold->base + hold->from, n);
    hold->from += n;
    hold->n -= n;
}

void hold_trim(struct hold *hold, size_t n)
{
    if (n == 0) {
        hold_consume(hold, hold->n);
    } else if (n < hold->n) {
        bytes_wipe(hold->base + hold->from + n, hold->n - n);
        hold->n = n;
    }
}

/*
 * Is there place for n more bytes behind the kept ones? They move to the front of the memory for
 * it; where half of it is free, as after a hold grew, that is a rare thing.
 */
static bool makes_room(struct hold *hold, size_t n)
{
    if (n <= hold->cap - hold->from - hold->n)
        return true;
    if (hold->settled || hold->n > hold->cap / 2 || n > hold->cap - hold->n)
        return false;
    memmove(hold->base, hold->base + hold->from, hold->n);
    bytes_wipe(hold->base + hold->n, hold->from);
    hold->from = 0;
    return true;
}

/* held + have > room: `pushed` bytes must stay behind, and held >= pushed since have <= room. */
static void exchange(struct hold *hold, struct span room, size_t have, size_t pushed)
{
    unsigned char *held = hold->base + hold->from;
    size_t n = hold->n;

    if (n < room.n) {
        /* The last `pushed` of have go out, the first of held come in at their place, and turn. */
        bytes_swap(held, room.at + have - pushed, pushed);
        memcpy(room.at + have, held + pushed, n - pushed);
        bytes_rotate(room.at, room.n, have - pushed);
    } else if (makes_room(hold, have)) {
        /* All of have goes out, behind what is left of held, in time that does not depend on n. */
        held = hold->base + hold->from;
        if (have)
            memcpy(held + n, room.at, have);
        memcpy(room.at, held, room.n);
        hold->n += have;
        hold_consume(hold, room.n);
        return;
    } else {
        bytes_swap(held, room.at, have);
        memcpy(room.at + have, held + have, room.n - have);
        memmove(held + have, held + room.n, n - room.n);
        bytes_rotate(held, pushed, have);
    }
    hold_trim(hold, pushed);
}

size_t hold_lead(struct hold *hold, struct span room, size_t have)
{
    size_t held = hold->n;

    if (held == 0)
        return have;
    if (held > room.n - have) {
        exchange(hold, room, have, held - (room.n - have));
        return room.n;
    }
    memmove(room.at + held, room.at, have);
    memcpy(room.at, hold->base + hold->from, held);
    hold_drop(hold);
    return have + held;
}
