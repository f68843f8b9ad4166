/*
 * sealer.c: NTLM through GSSAPI and gss-ntlmssp, see sealer.h.
 * gss-ntlmssp 1.2 refuses to seal an empty text. Such a block is a signature alone, and equals
 * the signature over the one byte "x" except for its checksum, of which the keystream is the
 * same: so gss_get_mic makes it, and sealer_patch exchanges the one checksum for the other.
 */
#include "sealer.h"

#include <gssapi/gssapi_ext.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

static gss_OID_desc sealer_mech = {10, "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a"};
static gss_OID_set_desc sealer_mechs = {1, &sealer_mech};
static gss_buffer_desc sealer_one = {1, "x"};

static int sealer_failed(const char *what, OM_uint32 major, OM_uint32 minor)
{
    OM_uint32 more = 0;
    OM_uint32 ignored;
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;

    if (!GSS_ERROR(major))
        return 0;
    gss_display_status(&ignored, minor, GSS_C_MECH_CODE, &sealer_mech, &more, &text);
    fprintf(stderr, "sealer: %s: major %08x minor %08x %.*s\n", what, major, minor,
            (int)text.length, (char *)text.value);
    gss_release_buffer(&ignored, &text);
    return -1;
}

int sealer_open(struct sealer *sealer, bool initiator)
{
    gss_buffer_desc user = {11, "DOMAIN\\user"};
    gss_buffer_desc password = {4, "pass"};
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 major;
    OM_uint32 minor;

    memset(sealer, 0, sizeof *sealer);
    sealer->initiator = initiator;
    if (!initiator) {
        major = gss_acquire_cred(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &sealer_mechs,
                                 GSS_C_ACCEPT, &sealer->cred, NULL, NULL);
        return sealer_failed("gss_acquire_cred", major, minor);
    }
    major = gss_import_name(&minor, &user, GSS_C_NT_USER_NAME, &name);
    if (sealer_failed("gss_import_name", major, minor))
        return -1;
    major = gss_acquire_cred_with_password(&minor, name, &password, GSS_C_INDEFINITE, &sealer_mechs,
                                           GSS_C_INITIATE, &sealer->cred, NULL, NULL);
    return sealer_failed("gss_acquire_cred_with_password", major, minor);
}

static int sealer_read_key(struct sealer *sealer)
{
    gss_buffer_set_t set = GSS_C_NO_BUFFER_SET;
    OM_uint32 minor;
    OM_uint32 major =
        gss_inquire_sec_context_by_oid(&minor, sealer->ctx, GSS_C_INQ_SSPI_SESSION_KEY, &set);

    if (sealer_failed("session key", major, minor))
        return -1;
    if (set->count < 1 || set->elements[0].length != SEALER_KEY_SIZE)
        return fprintf(stderr, "sealer: the session key has not 16 bytes\n"), -1;
    memcpy(sealer->key, set->elements[0].value, SEALER_KEY_SIZE);
    gss_release_buffer_set(&minor, &set);
    return 0;
}

static void sealer_read_flags(struct sealer *sealer, const gss_buffer_desc *token)
{
    const unsigned char *at = token->value;

    if (token->length >= 64 && !memcmp(at, "NTLMSSP\0\3\0\0\0", 12))
        sealer->flags = at[60] | at[61] << 8 | at[62] << 16 | (uint32_t)at[63] << 24;
}

int sealer_step(struct sealer *sealer, const gss_buffer_desc *in, gss_buffer_desc *out)
{
    gss_buffer_desc target = {14, "host@localhost"};
    gss_buffer_desc token = *in;
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 major;
    OM_uint32 minor;

    *out = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    if (sealer->initiator) {
        gss_import_name(&minor, &target, GSS_C_NT_HOSTBASED_SERVICE, &name);
        major = gss_init_sec_context(&minor, sealer->cred, &sealer->ctx, name, &sealer_mech,
                                     GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG | GSS_C_SEQUENCE_FLAG |
                                         GSS_C_REPLAY_FLAG,
                                     0, GSS_C_NO_CHANNEL_BINDINGS, &token, NULL, out, NULL, NULL);
    } else {
        major =
            gss_accept_sec_context(&minor, &sealer->ctx, sealer->cred, &token,
                                   GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, out, NULL, NULL, NULL);
    }
    if (sealer_failed("handshake", major, minor))
        return -1;
    sealer_read_flags(sealer, sealer->initiator ? out : &token);
    sealer->done = !(major & GSS_S_CONTINUE_NEEDED);
    return sealer->done ? sealer_read_key(sealer) : 0;
}

static void sealer_checksum(struct sealer *sealer, bool by_initiator, const unsigned char *sequence,
                            size_t size, unsigned char *checksum)
{
    char magic[80] = {0};
    unsigned char keyed[SEALER_KEY_SIZE + sizeof magic];
    unsigned char signing_key[SEALER_KEY_SIZE];
    unsigned char signed_text[5] = {sequence[0], sequence[1], sequence[2], sequence[3], 'x'};
    size_t magic_size = 1 + (size_t)sprintf(magic, "session key to %s signing key magic constant",
                                            by_initiator ? "client-to-server" : "server-to-client");

    memcpy(keyed, sealer->key, SEALER_KEY_SIZE);
    memcpy(keyed + SEALER_KEY_SIZE, magic, magic_size);
    EVP_Digest(keyed, SEALER_KEY_SIZE + magic_size, signing_key, NULL, EVP_md5(), NULL);
    HMAC(EVP_md5(), signing_key, sizeof signing_key, signed_text, 4 + size, checksum, NULL);
}

/* Turns the signature over "x" into the one over an empty text, and back. */
static void sealer_patch(struct sealer *sealer, bool by_initiator, unsigned char *signature)
{
    static const unsigned char crc32_of_x[4] = {0x83, 0x16, 0xdc, 0x8c};
    unsigned char empty[EVP_MAX_MD_SIZE];
    unsigned char one[EVP_MAX_MD_SIZE];

    if (!(sealer->flags & SEALER_FLAG_ESS)) {
        for (size_t i = 0; i < 4; i++)
            signature[8 + i] ^= crc32_of_x[i];
        return;
    }
    sealer_checksum(sealer, by_initiator, signature + 12, 0, empty);
    sealer_checksum(sealer, by_initiator, signature + 12, 1, one);
    for (size_t i = 0; i < 8; i++)
        signature[4 + i] ^= empty[i] ^ one[i];
}

int sealer_seal(struct sealer *sealer, const void *text, size_t size, unsigned char *sealed)
{
    gss_buffer_desc in = {size, (void *)text};
    gss_buffer_desc out = GSS_C_EMPTY_BUFFER;
    OM_uint32 major;
    OM_uint32 minor;
    int encrypted = 1;

    if (size > 0)
        major = gss_wrap(&minor, sealer->ctx, 1, GSS_C_QOP_DEFAULT, &in, &encrypted, &out);
    else
        major = gss_get_mic(&minor, sealer->ctx, GSS_C_QOP_DEFAULT, &sealer_one, &out);
    if (sealer_failed("seal", major, minor))
        return -1;
    if (!encrypted || out.length != SEALER_SIGNATURE + size)
        return fprintf(stderr, "sealer: seal made %zu bytes of %zu\n", out.length, size), -1;
    memcpy(sealed, out.value, out.length);
    gss_release_buffer(&minor, &out);
    if (size == 0)
        sealer_patch(sealer, sealer->initiator, sealed);
    return 0;
}

int sealer_unseal(struct sealer *sealer, const unsigned char *sealed, size_t size, void *text)
{
    unsigned char signature[SEALER_SIGNATURE];
    gss_buffer_desc in = {size, (void *)sealed};
    gss_buffer_desc out = GSS_C_EMPTY_BUFFER;
    OM_uint32 major;
    OM_uint32 minor;

    if (size == SEALER_SIGNATURE) {
        memcpy(signature, sealed, SEALER_SIGNATURE);
        sealer_patch(sealer, !sealer->initiator, signature);
        in.value = signature;
        major = gss_verify_mic(&minor, sealer->ctx, &sealer_one, &in, NULL);
        return sealer_failed("verify", major, minor);
    }
    major = gss_unwrap(&minor, sealer->ctx, &in, &out, NULL, NULL);
    if (sealer_failed("unseal", major, minor))
        return -1;
    memcpy(text, out.value, out.length);
    gss_release_buffer(&minor, &out);
    return 0;
}

void sealer_close(struct sealer *sealer)
{
    OM_uint32 minor;

    gss_delete_sec_context(&minor, &sealer->ctx, GSS_C_NO_BUFFER);
    gss_release_cred(&minor, &sealer->cred);
}
