/*
 * Fake replay. See fake_replay.h.
 */
#include "fake_replay.h"

#include <string.h>

struct replay {
    const struct recording *recording;
    unsigned order[RECORDING_BLOCKS], blocks, next;
    bool ruined;
};
static struct replay replay[FAKE_CONTEXTS];

unsigned fake_replay_blocks(const struct recording *recording, bool to_client,
                            unsigned at[RECORDING_BLOCKS])
{
    unsigned n = 0;

    for (unsigned i = 0; i < recording->blocks; i++)
        if (recording->block[i].to_client == to_client)
            at[n++] = i;
    return n;
}

static PSecBuffer element(PSecBufferDesc desc, ULONG type)
{
    for (ULONG i = 0; i < desc->cBuffers; i++)
        if ((desc->pBuffers[i].BufferType & ~SECBUFFER_ATTRMASK) == type)
            return &desc->pBuffers[i];
    return NULL;
}

/* TOKEN and DATA, or a STREAM taken apart. */
static bool is_next(struct replay *r, const unsigned char *token, ULONG token_n,
                    const unsigned char *data, ULONG n)
{
    struct span sealed;

    if (r->ruined || r->next == r->blocks)
        return false;
    sealed = r->recording->block[r->order[r->next]].sealed;
    return token_n >= 16 && sealed.n == (size_t)n + 16 && memcmp(sealed.at, token, 16) == 0 &&
           (n == 0 || memcmp(sealed.at + 16, data, n) == 0);
}

static SECURITY_STATUS open_desc(struct fake *f, PSecBufferDesc desc)
{
    PSecBuffer token = element(desc, SECBUFFER_TOKEN), data = element(desc, SECBUFFER_DATA);
    PSecBuffer stream = element(desc, SECBUFFER_STREAM);
    struct replay *r = f->state;
    struct span text;
    SecBuffer parts[2];

    if (stream && data && stream->cbBuffer >= 16) {
        parts[0] = (SecBuffer){16, SECBUFFER_TOKEN, stream->pvBuffer};
        parts[1] = (SecBuffer){stream->cbBuffer - 16, SECBUFFER_DATA,
                               (unsigned char *)stream->pvBuffer + 16};
        token = &parts[0];
        data->pvBuffer = parts[1].pvBuffer;
        data->cbBuffer = parts[1].cbBuffer;
    }
    if (!token || !data)
        return SEC_E_INVALID_TOKEN;
    if (!is_next(r, token->pvBuffer, token->cbBuffer, data->pvBuffer, data->cbBuffer)) {
        r->ruined = true;
        return SEC_E_MESSAGE_ALTERED;
    }
    text = r->recording->block[r->order[r->next++]].text;
    data->cbBuffer = (ULONG)text.n;
    if (text.n)
        memcpy(data->pvBuffer, text.at, text.n);
    return SEC_E_OK;
}

void fake_replay_install(unsigned i, const struct recording *recording, bool to_client,
                         unsigned from)
{
    replay[i] = (struct replay){.recording = recording, .next = from};
    replay[i].blocks = fake_replay_blocks(recording, to_client, replay[i].order);
    fake[i].open = open_desc;
    fake[i].state = &replay[i];
}
