/*
 * Sealing. See sealing.h.
 */
#include "sealing.h"

#include "bytes.h"
#include "ntlm.h"

/* 3.4.5.2 and 3.4.5.3. The NUL at the end of the constants is hashed, too. */
static const char signing_client[] = "session key to client-to-server signing key magic constant";
static const char signing_server[] = "session key to server-to-client signing key magic constant";
static const char sealing_client[] = "session key to client-to-server sealing key magic constant";
static const char sealing_server[] = "session key to server-to-client sealing key magic constant";
#define MAGIC sizeof signing_client

static void derive(const unsigned char *key, size_t n, const char magic[MAGIC],
                   unsigned char to[MD5_DIGEST])
{
    struct md5 md5;

    md5_begin(&md5);
    md5_add(&md5, key, n);
    md5_add(&md5, (const unsigned char *)magic, MAGIC);
    md5_end(&md5, to);
    bytes_wipe(&md5, sizeof md5);
}

/* SIGNKEY from all of the key, SEALKEY from as much of it as was negotiated. */
static void begin_ess(struct sealing *sealing, uint32_t flags, const unsigned char *key,
                      enum sealing_end sealer)
{
    bool server = sealer == SEALING_SERVER;
    size_t strength = flags & NTLM_128 ? SEALING_KEY : flags & NTLM_56 ? 7 : 5;
    unsigned char derived[MD5_DIGEST];

    derive(key, SEALING_KEY, server ? signing_server : signing_client, derived);
    hmac_begin(&sealing->keyed, (struct span){derived, sizeof derived});
    derive(key, strength, server ? sealing_server : sealing_client, derived);
    rc4_begin(&sealing->stream, (struct span){derived, sizeof derived});
    bytes_wipe(derived, sizeof derived);
}

/* One key for both directions; of a LAN Manager one only a part is a secret (3.4.5.3). */
static void begin_nt4(struct sealing *sealing, uint32_t flags, const unsigned char *key)
{
    static const unsigned char cut_40[3] = {0xE5, 0x38, 0xB0}, cut_56 = 0xA0;
    unsigned char whole[SEALING_KEY];
    size_t n = sizeof whole;

    memcpy(whole, key, sizeof whole);
    if (flags & NTLM_LM_KEY)
        n = 8;
    if (flags & NTLM_LM_KEY && flags & NTLM_56)
        whole[7] = cut_56;
    else if (flags & NTLM_LM_KEY)
        memcpy(whole + 5, cut_40, sizeof cut_40);
    rc4_begin(&sealing->stream, (struct span){whole, n});
    bytes_wipe(whole, sizeof whole);
}

void sealing_begin(struct sealing *sealing, uint32_t flags, const unsigned char key[SEALING_KEY],
                   enum sealing_end sealer)
{
    *sealing = (struct sealing){.ess = flags & NTLM_ESS, .fresh = true};
    sealing->exchanged = flags & NTLM_KEY_EXCH;
    if (sealing->ess)
        begin_ess(sealing, flags, key, sealer);
    else
        begin_nt4(sealing, flags, key);
}

void sealing_skip(struct sealing *sealing, size_t n, uint32_t count)
{
    rc4_skip(&sealing->stream, n + count * sealing_trailer(sealing->ess, sealing->exchanged));
    sealing->number += count;
}
