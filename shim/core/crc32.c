/*
 * CRC-32. See crc32.h.
 */
#include "crc32.h"

#include "bytes.h"

/*
 * What is left of a byte in the division is the sum of what is left of its bits: of the highest the
 * polynomial, of each other one step more. Eight steps on are those of the byte before it.
 */
#define POLYNOMIAL          0xEDB88320u
#define STEP(to, from)      to = (uint32_t)(from) >> 1 ^ ((from)&1 ? POLYNOMIAL : 0u)
#define FOUR(a, b, c, d, e) STEP(b, a), STEP(c, b), STEP(d, c), STEP(e, d)
enum {
    R0 = POLYNOMIAL,
    FOUR(R0, R1, R2, R3, R4),
    FOUR(R4, R5, R6, R7, R8),
    FOUR(R8, R9, R10, R11, R12),
    FOUR(R12, R13, R14, R15, R16),
    FOUR(R16, R17, R18, R19, R20),
    FOUR(R20, R21, R22, R23, R24),
    FOUR(R24, R25, R26, R27, R28),
    FOUR(R28, R29, R30, R31, R32),
};

#define HAS(i, bit, sum) ((i) & (bit) ? (uint32_t)(sum) : 0u)
#define OF(i, a, b, c, d, e, f, g, h)                                                              \
    (HAS(i, 128, a) ^ HAS(i, 64, b) ^ HAS(i, 32, c) ^ HAS(i, 16, d) ^ HAS(i, 8, e) ^               \
     HAS(i, 4, f) ^ HAS(i, 2, g) ^ HAS(i, 1, h))
#define LAST(i)   OF(i, R0, R1, R2, R3, R4, R5, R6, R7)
#define THIRD(i)  OF(i, R8, R9, R10, R11, R12, R13, R14, R15)
#define SECOND(i) OF(i, R16, R17, R18, R19, R20, R21, R22, R23)
#define FIRST(i)  OF(i, R24, R25, R26, R27, R28, R29, R30, R31)

#define OF_4(of, i)  of(i), of((i) + 1), of((i) + 2), of((i) + 3)
#define OF_16(of, i) OF_4(of, i), OF_4(of, (i) + 4), OF_4(of, (i) + 8), OF_4(of, (i) + 12)
#define OF_64(of, i) OF_16(of, i), OF_16(of, (i) + 16), OF_16(of, (i) + 32), OF_16(of, (i) + 48)
#define OF_ALL(of)                                                                                 \
    {                                                                                              \
        OF_64(of, 0), OF_64(of, 64), OF_64(of, 128), OF_64(of, 192)                                \
    }

static const uint32_t first[256] = OF_ALL(FIRST), second[256] = OF_ALL(SECOND),
                      third[256] = OF_ALL(THIRD), last[256] = OF_ALL(LAST);

/* Four bytes at a time: one by one they would take longer than RC4 does. */
uint32_t crc32_add(uint32_t crc, const unsigned char *at, size_t n)
{
    crc = ~crc;
    for (; n >= 4; n -= 4, at += 4) {
        crc ^= bytes_le32(at);
        crc = first[crc & 255] ^ second[crc >> 8 & 255] ^ third[crc >> 16 & 255] ^ last[crc >> 24];
    }
    for (; n; n--, at++)
        crc = crc >> 8 ^ last[(crc ^ *at) & 255];
    return ~crc;
}
