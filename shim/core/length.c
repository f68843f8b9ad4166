/*
 * Length. See length.h.
 */
#include "length.h"

#include "bytes.h"
#include "kerberos.h"
#include "ntlm.h"

#define TLS_HEADER   5
#define TLS_BODY_MAX (0x4000u + 0x800u) /* RFC 5246 6.2.3, the most that any version allows */

static struct length known(size_t block)
{
    return (struct length){.verdict = LENGTH_KNOWN, .block = block};
}

static struct length need(size_t bytes)
{
    return (struct length){.verdict = LENGTH_SHORT, .need = bytes};
}

static const struct length open_ended = {.verdict = LENGTH_OPEN}, bad = {.verdict = LENGTH_BAD};

/* Do the bytes that are there agree with the first n of `want`? */
static bool begins(struct span at, const void *want, size_t n)
{
    size_t both = at.n < n ? at.n : n;

    return both == 0 || memcmp(at.at, want, both) == 0;
}

/* The header alone says that a signature is one; with less than that, nothing speaks against it. */
static struct length ntlm(struct span at)
{
    if (at.n >= NTLM_SIGNATURE)
        return bytes_le32(at.at) == NTLM_VERSION ? open_ended : bad;
    return begins(at, "\1\0\0", 4) ? need(NTLM_SIGNATURE) : bad;
}

/*
 * 60, DER length, the mechanism, TOK_ID 02 01. In DCE style the length is that of the token alone
 * ([MS-KILE] 3.4.5.4.1), and so tells nothing.
 */
static struct length der(struct span at)
{
    static const unsigned char rest[] = {0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7,
                                         0x12, 0x01, 0x02, 0x02, 0x02, 0x01};
    size_t octets, length;

    if (at.n < 2)
        return need(2);
    length = at.at[1];
    octets = length < 0x80 ? 1 : 1 + (length & 0x7F);
    if (octets > 5 || length == 0x80)
        return bad;
    if (!begins(span_rest(at, 1 + octets), rest, sizeof rest))
        return bad;
    if (at.n < 1 + octets + sizeof rest)
        return need(1 + octets + sizeof rest);
    if (octets > 1) {
        length = 0;
        for (size_t i = 2; i <= octets; i++)
            length = length << 8 | at.at[i];
    }
    if (length > 0x7FFFFFFF || 1 + octets + length < KERBEROS_DER_TOKEN + octets)
        return bad;
    return length + 1 == KERBEROS_DER_TOKEN ? open_ended : known(1 + octets + length);
}

/* Only what is sealed can be trusted not to look like the next header. */
static struct length kerberos(struct span at, size_t least)
{
    if (at.n == 0)
        return need(1);
    if (at.at[0] == KERBEROS_DER)
        return der(at);
    if (!begins(at, "\5\4", 2))
        return bad;
    if (at.n > KERBEROS_FLAGS_AT && !(at.at[KERBEROS_FLAGS_AT] & KERBEROS_SEALED))
        return bad;
    if (at.n > KERBEROS_FILLER_AT && at.at[KERBEROS_FILLER_AT] != 0xFF)
        return bad;
    if (least < KERBEROS_HEADER)
        least = KERBEROS_HEADER;
    return at.n < least ? need(least) : open_ended;
}

static struct length tls(struct span at)
{
    size_t body;

    if ((at.n > 0 && (at.at[0] < 20 || at.at[0] > 24)) || (at.n > 1 && at.at[1] != 3))
        return bad;
    if (at.n < TLS_HEADER)
        return need(TLS_HEADER);
    body = (size_t)at.at[3] << 8 | at.at[4];
    return body > TLS_BODY_MAX ? bad : known(TLS_HEADER + body);
}

static struct length token_of(struct span at, enum length_token token, size_t least)
{
    struct length length = bad;

    if (token == LENGTH_ANY)
        return at.n ? open_ended : need(1);
    if (token == LENGTH_TLS)
        return tls(at);
    if (token != LENGTH_KERBEROS)
        length = ntlm(at);
    if (length.verdict == LENGTH_BAD && token != LENGTH_NTLM)
        length = kerberos(at, least);
    return length;
}

static size_t value(const unsigned char *at, const struct settings_prefix *prefix)
{
    size_t n = 0;

    for (unsigned i = 0; i < prefix->size; i++)
        n = n << 8 | at[prefix->big ? i : prefix->size - 1u - i];
    return n;
}

struct length length_of(struct span at, const struct settings_prefix *prefix,
                        enum length_token token, size_t least)
{
    struct length length;
    size_t n;

    if (prefix->size == 0)
        return token_of(at, token, least);
    if (at.n < prefix->size)
        return need(prefix->size);
    n = value(at.at, prefix);
    if (prefix->counts == SETTINGS_COUNTS_TOKEN) {
        length = token_of(span_rest(at, prefix->size), token, least);
        length.need += prefix->size;
    } else {
        size_t own = prefix->counts == SETTINGS_COUNTS_ALL ? prefix->size : 0;

        length = n > 0x7FFFFFFF || n < own + (least ? least : 1) ? bad : known(n - own);
    }
    length.prefix = prefix->size;
    return length;
}
