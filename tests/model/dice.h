/*
 * Dice: random numbers that a seed repeats.
 */
#ifndef DICE_H
#define DICE_H

#include <stdbool.h>
#include <stdint.h>

struct dice {
    uint64_t state;
};

static inline struct dice dice_of(uint64_t seed)
{
    return (struct dice){seed * 0x9E3779B97F4A7C15u ^ 0xD1B54A32D192ED03u};
}

static inline uint64_t dice_next(struct dice *dice)
{
    uint64_t x = dice->state += 0x9E3779B97F4A7C15u;

    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return x ^ x >> 31;
}

/* 0 .. n - 1 */
static inline uint32_t dice_below(struct dice *dice, uint32_t n)
{
    return (uint32_t)((dice_next(dice) >> 32) * n >> 32);
}

/* Once in n times. */
static inline bool dice_once_in(struct dice *dice, uint32_t n)
{
    return dice_below(dice, n) == 0;
}

/* Mostly small: each power of two is as likely as the others, up to n. */
static inline uint32_t dice_size(struct dice *dice, uint32_t n)
{
    uint32_t top = 1;

    while (top < n && !dice_once_in(dice, 8))
        top *= 2;
    return dice_below(dice, (top < n ? top : n) + 1);
}

#endif
