/*
 * CRC-32. See crc32.h.
 */
#include "crc32.h"

/*
 * The remainder of a byte is the sum of those of its bits. That of the highest is the polynomial,
 * and each lower bit's is one division step further.
 */
#define POLYNOMIAL       0xEDB88320u
#define BIT_1            ((POLYNOMIAL >> 5 >> 1 ^ POLYNOMIAL) >> 1)
#define BIT_2            (POLYNOMIAL >> 5 >> 1 ^ POLYNOMIAL)
#define HAS(i, bit, sum) ((i) & (bit) ? (sum) : 0u)

#define OF(i)                                                                                      \
    (HAS(i, 1, BIT_1) ^ HAS(i, 2, BIT_2) ^ HAS(i, 4, POLYNOMIAL >> 5) ^                            \
     HAS(i, 8, POLYNOMIAL >> 4) ^ HAS(i, 16, POLYNOMIAL >> 3) ^ HAS(i, 32, POLYNOMIAL >> 2) ^      \
     HAS(i, 64, POLYNOMIAL >> 1) ^ HAS(i, 128, POLYNOMIAL))
#define OF_4(i)  OF(i), OF((i) + 1), OF((i) + 2), OF((i) + 3)
#define OF_16(i) OF_4(i), OF_4((i) + 4), OF_4((i) + 8), OF_4((i) + 12)
#define OF_64(i) OF_16(i), OF_16((i) + 16), OF_16((i) + 32), OF_16((i) + 48)

static const uint32_t of[256] = {OF_64(0), OF_64(64), OF_64(128), OF_64(192)};

uint32_t crc32_add(uint32_t crc, const unsigned char *at, size_t n)
{
    crc = ~crc;
    for (size_t i = 0; i < n; i++)
        crc = crc >> 8 ^ of[(crc ^ at[i]) & 0xFF];
    return ~crc;
}
