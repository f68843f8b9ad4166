/*
 * Judge. See judge.h.
 */
#include "judge.h"

#include "ntlm.h"

static SECURITY_STATUS query(const CtxtHandle *value, ULONG attribute, void *to)
{
    CtxtHandle handle = *value;

    return REAL(QueryContextAttributesW)(&handle, attribute, to);
}

static bool same(const WCHAR *name, const char *want)
{
    for (; *name && *name == (unsigned char)*want; name++, want++)
        ;
    return *name == (unsigned char)*want;
}

/* What a Negotiate context says is the package that it chose. Where Windows or NT 4 cannot say, a
 * trailer of 16 bytes is NTLM's. */
static enum frame_kind package_of(const CtxtHandle *value)
{
    SecPkgContext_NegotiationInfoW info = {0};
    SecPkgContext_Sizes sizes = {0};
    enum frame_kind kind = FRAME_WHOLE;

    if (query(value, SECPKG_ATTR_NEGOTIATION_INFO, &info) == SEC_E_OK && info.PackageInfo) {
        if (info.PackageInfo->Name && same(info.PackageInfo->Name, "NTLM"))
            kind = FRAME_UNSURE;
        else if (info.PackageInfo->Name && same(info.PackageInfo->Name, "Kerberos"))
            kind = FRAME_KERBEROS;
        REAL(FreeContextBuffer)(info.PackageInfo);
        return kind;
    }
    if (query(value, SECPKG_ATTR_SIZES, &sizes) == SEC_E_OK &&
        sizes.cbSecurityTrailer == NTLM_SIGNATURE)
        kind = FRAME_UNSURE;
    return kind;
}

enum frame_kind judge_ask(const CtxtHandle *value)
{
    SecPkgContext_Flags flags = {0};
    enum frame_kind kind = package_of(value);

    if (kind == FRAME_WHOLE)
        return kind;
    /* Wine 8's Kerberos cannot say; its tokens tell of each that it is sealed. */
    if (query(value, SECPKG_ATTR_FLAGS, &flags) != SEC_E_OK)
        return kind == FRAME_KERBEROS ? kind : FRAME_WHOLE;
    if (!(flags.Flags & ISC_RET_CONFIDENTIALITY) || flags.Flags & ISC_RET_DATAGRAM)
        return FRAME_WHOLE;
    return kind;
}

static bool served(enum frame_kind kind, const struct settings *settings)
{
    unsigned package = kind == FRAME_KERBEROS ? SETTINGS_KERBEROS : SETTINGS_NTLM;

    if (kind == FRAME_UNKNOWN)
        return settings->packages;
    return settings->packages & (package | SETTINGS_NEGOTIATE);
}

struct frame_rule judge_rule(const struct context *context, const struct settings *settings)
{
    struct frame_rule rule = {.kind = FRAME_UNKNOWN, .prefix = FRAME_PREFIX_UNKNOWN};

    if (context)
        rule = context->rule;
    if (settings->framing == SETTINGS_FRAMING_WHOLE || !served(rule.kind, settings))
        rule.kind = FRAME_WHOLE;
    rule.strict = settings->framing == SETTINGS_FRAMING_STRICT;
    rule.own = settings->prefix;
    return rule;
}
