/*
 * Key. See key.h.
 */
#include "key.h"

#include "bytes.h"
#include "config.h"
#include "count.h"
#include "memory.h"
#include "ntlm.h"

/*
 * Ways to seal that were proven in this process, and such as somebody waits for, or did in vain:
 * one bit for each combination of the flags on which the arithmetic depends. The first one of a
 * kind that waits is trusted; as long as that does not prove to be right, the others have to prove
 * themselves (exact.h). Some programs wait for ever, so nothing may depend on a context's death.
 */
static ULONG proven, doubted;
static ULONG shared; /* contexts of NT 4's NTLM that have an exact */

static ULONG way_of(ULONG flags)
{
    unsigned index = 0;

    index |= flags & NTLM_ESS ? 1u : 0;
    index |= flags & NTLM_KEY_EXCH ? 2u : 0;
    index |= flags & NTLM_LM_KEY ? 4u : 0;
    index |= flags & NTLM_128 ? 8u : flags & NTLM_56 ? 16u : 0;
    return (ULONG)1 << index;
}

static bool has(const ULONG *ways, ULONG way)
{
    return __atomic_load_n(ways, __ATOMIC_RELAXED) & way;
}

static void add(ULONG *ways, ULONG way)
{
    if (!has(ways, way))
        __atomic_fetch_or(ways, way, __ATOMIC_RELAXED);
}

bool key_shared(void)
{
    return __atomic_load_n(&shared, __ATOMIC_RELAXED);
}

static bool is_shared(ULONG flags)
{
    return !(flags & NTLM_ESS);
}

/*
 * Not for blocks that nobody tells apart, or that say themselves how long they are. Sealing without
 * signing is in no specification.
 */
static bool wanted(ULONG flags)
{
    const struct settings *settings = config_get();
    const struct settings_prefix *own = &settings->prefix;

    return flags & NTLM_SEAL && flags & NTLM_SIGN && !(flags & NTLM_DATAGRAM) &&
           settings->enabled && settings->exact && settings->framing != SETTINGS_FRAMING_WHOLE &&
           settings->packages & (SETTINGS_NTLM | SETTINGS_NEGOTIATE) &&
           !(own->size && own->counts != SETTINGS_COUNTS_TOKEN);
}

void key_trust(struct exact *exact, ULONG flags)
{
    if (!exact->waited && !exact->retired)
        exact->trusted = has(&proven, way_of(flags)) || !has(&doubted, way_of(flags));
}

static struct exact *make(ULONG flags, const unsigned char *key, enum sealing_end sealer)
{
    struct exact *exact = memory_take(sizeof *exact);

    if (!exact)
        return NULL;
    exact_begin(exact, flags, key, sealer);
    key_trust(exact, flags);
    if (is_shared(flags))
        __atomic_fetch_add(&shared, 1, __ATOMIC_RELAXED);
    return exact;
}

/* What the provider lent is wiped before he gets it back: it is a copy of the key. */
static struct exact *ask(const CtxtHandle *value, ULONG flags, enum sealing_end sealer)
{
    SecPkgContext_SessionKey key = {0};
    CtxtHandle handle = *value;
    SECURITY_STATUS status = REAL(QueryContextAttributesW)(&handle, SECPKG_ATTR_SESSION_KEY, &key);
    bool given = status == SEC_E_OK && key.SessionKey;
    struct exact *exact = NULL;

    if (given && key.SessionKeyLength == SEALING_KEY)
        exact = make(flags, key.SessionKey, sealer);
    else
        count_add(COUNT_KEYLESS, 1);
    if (exact)
        count_add(COUNT_EXACT, 1);
    if (given) {
        bytes_wipe(key.SessionKey, key.SessionKeyLength);
        REAL(FreeContextBuffer)(key.SessionKey);
    }
    return exact;
}

struct exact *key_ask(const CtxtHandle *value, ULONG flags, enum sealing_end sealer)
{
    DWORD last = GetLastError();
    struct exact *exact = wanted(flags) ? ask(value, flags, sealer) : NULL;

    SetLastError(last);
    return exact;
}

void key_note(const struct exact *exact, ULONG flags)
{
    if (exact->proven)
        add(&proven, way_of(flags));
    if (exact->waited)
        add(&doubted, way_of(flags));
}

void key_drop(struct exact *exact, ULONG flags)
{
    if (is_shared(flags))
        __atomic_fetch_sub(&shared, 1, __ATOMIC_RELAXED);
    bytes_wipe(exact, sizeof *exact);
    memory_give(exact);
}
