/*
 * NTLM. See ntlm.h.
 */
#include "ntlm.h"

#include "bytes.h"

#define TYPE_CHALLENGE    2
#define TYPE_AUTHENTICATE 3

/*
 * An AUTHENTICATE message has five or six payload fields (length, space, offset) from offset 12 on,
 * then the flags. In the oldest form the payload itself starts where the flags would be.
 */
static bool has_flags(struct span message)
{
    for (size_t field = 12; field < 52; field += 8)
        if ((message.at[field] || message.at[field + 1]) && bytes_le32(message.at + field + 4) < 64)
            return false;
    return true;
}

/* Offset of NegotiateFlags: [MS-NLMP] 2.2.1.2 and 2.2.1.3. */
static bool flags_at(struct span message, uint32_t *flags)
{
    uint32_t type = bytes_le32(message.at + 8);
    size_t at = type == TYPE_CHALLENGE ? 20 : 60;

    if ((type != TYPE_CHALLENGE && type != TYPE_AUTHENTICATE) || message.n < at + 4)
        return false;
    if (type == TYPE_AUTHENTICATE && !has_flags(message))
        return false;
    *flags = bytes_le32(message.at + at);
    return true;
}

bool ntlm_flags(struct span token, uint32_t *flags)
{
    /* SPNEGO puts the message into an OCTET STRING; its eight signature bytes are search enough. */
    for (; token.n >= 12; token = span_rest(token, 1)) {
        unsigned char *start = memchr(token.at, 'N', token.n - 11);

        if (!start)
            return false;
        token = span_rest(token, (size_t)(start - token.at));
        if (memcmp(token.at, "NTLMSSP", 8) == 0 && flags_at(token, flags))
            return true;
    }
    return false;
}
