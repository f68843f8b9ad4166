/*
 * Zoo_stream: what the peers send, and the pieces in which it arrives. See zoo_stream.h.
 */
#include "zoo_stream.h"

const int zoo_plain[] = {12, 1, 30, 7, 19, ZOO_END};
const int zoo_empty[] = {12, 0, 30, 0, 0, 19, ZOO_END};
const int zoo_tickets[] = {12, ZOO_TICKET, 30, 7, ZOO_TICKET, ZOO_TICKET, 19, 3, ZOO_END};
const int zoo_closed[] = {12, 30, 7, ZOO_CLOSE, ZOO_END};
const int zoo_forged[] = {12, 30, ZOO_BAD, 7, ZOO_END};

#define PADDING 4

static void put_le16(unsigned char *at, size_t n)
{
    at[0] = (unsigned char)n;
    at[1] = (unsigned char)(n >> 8);
}

static size_t put_prefix(enum zoo_prefix prefix, size_t token, size_t text, unsigned char *at)
{
    memset(at, 0, 6);
    switch (prefix) {
    case ZOO_TOKEN_LE32:
        put_le16(at, token);
        return 4;
    case ZOO_REST_BE32:
        at[3] = (unsigned char)(text + token);
        return 4;
    case ZOO_PARTS:
        put_le16(at, token);
        put_le16(at + 2, text);
        put_le16(at + 4, PADDING);
        return 6;
    default:
        return 0;
    }
}

static size_t token_of(unsigned package, size_t n)
{
    return package == ZOO_NTLM
               ? 16
               : fake_krb_token(package == ZOO_DCE ? FAKE_KRB_DCE : FAKE_KRB_DER, n);
}

static size_t seal_text(unsigned package, int block, const unsigned char *text, size_t n,
                        unsigned char *at)
{
    enum fake_tls_kind kind = block == ZOO_TICKET  ? FAKE_TLS_TICKET
                              : block == ZOO_CLOSE ? FAKE_TLS_CLOSE
                                                   : FAKE_TLS_TEXT;

    if (package == ZOO_TLS)
        return fake_tls_seal(1, kind, text, n, at);
    return package == ZOO_NTLM ? fake_seal(1, text, n, at) : fake_krb_seal(1, text, n, at);
}

static size_t seal(const struct zoo_animal *animal, unsigned package, int block,
                   const unsigned char *text, size_t n, unsigned char *at)
{
    size_t prefix = put_prefix(animal->prefix, token_of(package, n), n, at), sealed;
    bool last = animal->token_last && package == ZOO_NTLM;

    at += prefix;
    sealed = seal_text(package, block, text, n, at);
    if (block == ZOO_BAD)
        at[sealed - 1 - (last ? 16 : 0)] ^= 1;
    if (animal->prefix == ZOO_PARTS) {
        memset(at + sealed, 'p', PADDING);
        sealed += PADDING;
    }
    return prefix + sealed;
}

void zoo_stream_seal(struct zoo_stream *stream, const struct zoo_animal *animal, unsigned package,
                     const int *blocks)
{
    bool good = true;

    *stream = (struct zoo_stream){0};
    for (; *blocks != ZOO_END; blocks++) {
        size_t n = *blocks >= 0 ? (size_t)*blocks : *blocks == ZOO_BAD ? 9 : 0;
        unsigned char text[64];

        for (size_t i = 0; i < n; i++)
            text[i] = (unsigned char)('a' + (stream->blocks * 7 + i) % 26);
        good = good && *blocks != ZOO_BAD;
        if (good)
            memcpy(stream->text + stream->text_n, text, n);
        stream->text_n += good ? n : 0;
        stream->n += seal(animal, package, *blocks, text, n, stream->bytes + stream->n);
        stream->ends[stream->blocks++] = stream->n;
    }
}

size_t zoo_stream_places(const struct zoo_stream *stream, unsigned pieces)
{
    return pieces & (ZOO_SPLIT | ZOO_MIXED) ? stream->n - 1 : 1;
}

/* Is a piece of this kind to end here, `at` being the place of the one more cut? */
static bool ends(const struct zoo_stream *stream, unsigned pieces, size_t at, size_t here)
{
    unsigned every = pieces == ZOO_TWO ? 2 : pieces == ZOO_THREE ? 3 : 1;

    if (here == stream->n || pieces == ZOO_DRIBBLE)
        return true;
    if ((pieces & (ZOO_SPLIT | ZOO_MIXED)) && here == at)
        return true;
    for (unsigned i = 0; i < stream->blocks; i++)
        if (stream->ends[i] == here)
            return pieces != ZOO_MIXED && (i + 1) % every == 0;
    return false;
}

enum zoo_fit zoo_stream_cut(const struct zoo_stream *stream, unsigned pieces, size_t at,
                            size_t *cuts)
{
    size_t n = 0, between = 0;

    for (size_t here = 1; here <= stream->n; here++)
        if (ends(stream, pieces, at, here))
            cuts[n++] = here;
    for (size_t i = 0; i < n; i++)
        for (unsigned k = 0; k < stream->blocks; k++)
            between += cuts[i] == stream->ends[k];
    if (between < n)
        return ZOO_PARTS_OF_BLOCKS;
    return n == stream->blocks ? ZOO_BLOCKS : ZOO_WHOLE_BLOCKS;
}
