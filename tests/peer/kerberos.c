/*
 * kerberos.c: see kerberos.h. In DCE style the token of a block leads and the text keeps its
 * length, which only gss_wrap_iov makes.
 */
#include "kerberos.h"

#include "net.h"

#include <gssapi/gssapi_ext.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static gss_OID_desc kerberos_mech = {9, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02"};
static gss_OID_set_desc kerberos_mechs = {1, &kerberos_mech};

static int kerberos_failed(const char *what, OM_uint32 major, OM_uint32 minor)
{
    OM_uint32 more = 0;
    OM_uint32 ignored;
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;

    if (!GSS_ERROR(major))
        return 0;
    gss_display_status(&ignored, minor, GSS_C_MECH_CODE, &kerberos_mech, &more, &text);
    fprintf(stderr, "kerberos: %s: major %08x minor %08x %.*s\n", what, major, minor,
            (int)text.length, (char *)text.value);
    gss_release_buffer(&ignored, &text);
    return -1;
}

/* One token in, one out; major says whether that was the last. */
static int kerberos_step(struct kerberos *kerberos, gss_cred_id_t cred, int fd, OM_uint32 *major)
{
    struct net_frame frame;
    gss_buffer_desc in, out = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor, flags = 0;
    int bad;

    if (net_read_frame(fd, &frame))
        return -1;
    in = (gss_buffer_desc){frame.size, frame.bytes};
    *major = gss_accept_sec_context(&minor, &kerberos->ctx, cred, &in, GSS_C_NO_CHANNEL_BINDINGS,
                                    NULL, NULL, &out, &flags, NULL, NULL);
    free(frame.bytes);
    kerberos->dce = flags & GSS_C_DCE_STYLE;
    bad = kerberos_failed("accept", *major, minor) || net_write_frame(fd, out.value, out.length);
    gss_release_buffer(&minor, &out);
    return bad ? -1 : 0;
}

int kerberos_accept(struct kerberos *kerberos, int fd)
{
    gss_cred_id_t cred = GSS_C_NO_CREDENTIAL;
    OM_uint32 major, minor;
    int bad;

    memset(kerberos, 0, sizeof *kerberos);
    major = gss_acquire_cred(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &kerberos_mechs, GSS_C_ACCEPT,
                             &cred, NULL, NULL);
    bad = kerberos_failed("gss_acquire_cred", major, minor);
    for (major = GSS_S_CONTINUE_NEEDED; !bad && major & GSS_S_CONTINUE_NEEDED;)
        bad = kerberos_step(kerberos, cred, fd, &major);
    gss_release_cred(&minor, &cred);
    return bad ? -1 : 0;
}

/* The answer to the token in `in`, which is then freed and replaced by the next one. */
static int kerberos_ask(struct kerberos *kerberos, gss_name_t name, int fd, struct net_frame *in,
                        OM_uint32 *major)
{
    OM_uint32 minor, got = 0,
                     want = GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG | GSS_C_MUTUAL_FLAG |
                            GSS_C_SEQUENCE_FLAG | GSS_C_REPLAY_FLAG;
    gss_buffer_desc token = {in->size, in->bytes}, out = GSS_C_EMPTY_BUFFER;
    int bad;

    want |= kerberos->dce ? GSS_C_DCE_STYLE : 0;
    *major =
        gss_init_sec_context(&minor, GSS_C_NO_CREDENTIAL, &kerberos->ctx, name, &kerberos_mech,
                             want, 0, GSS_C_NO_CHANNEL_BINDINGS, &token, NULL, &out, &got, NULL);
    free(in->bytes);
    *in = (struct net_frame){0, NULL};
    bad = kerberos_failed("init", *major, minor) ||
          (out.length > 0 && net_write_frame(fd, out.value, out.length)) ||
          (*major & GSS_S_CONTINUE_NEEDED && net_read_frame(fd, in));
    gss_release_buffer(&minor, &out);
    return bad ? -1 : 0;
}

int kerberos_initiate(struct kerberos *kerberos, int fd, bool dce)
{
    gss_buffer_desc target = {14, "host@localhost"};
    gss_name_t name = GSS_C_NO_NAME;
    struct net_frame in = {0, NULL};
    OM_uint32 major, minor;
    int bad;

    *kerberos = (struct kerberos){GSS_C_NO_CONTEXT, dce};
    major = gss_import_name(&minor, &target, GSS_C_NT_HOSTBASED_SERVICE, &name);
    bad = kerberos_failed("gss_import_name", major, minor);
    for (major = GSS_S_CONTINUE_NEEDED; !bad && major & GSS_S_CONTINUE_NEEDED;)
        bad = kerberos_ask(kerberos, name, fd, &in, &major);
    free(in.bytes);
    gss_release_name(&minor, &name);
    return bad ? -1 : 0;
}

int kerberos_seal(struct kerberos *kerberos, const void *text, size_t size, unsigned char *sealed,
                  size_t room, size_t *used)
{
    gss_iov_buffer_desc part[2] = {
        {GSS_IOV_BUFFER_TYPE_HEADER | GSS_IOV_BUFFER_FLAG_ALLOCATE, {0, NULL}},
        {GSS_IOV_BUFFER_TYPE_DATA, {size, (void *)text}}};
    gss_buffer_desc in = {size, (void *)text};
    gss_buffer_desc out[2] = {GSS_C_EMPTY_BUFFER, GSS_C_EMPTY_BUFFER};
    OM_uint32 major, minor, ignored;
    int encrypted = 1;

    if (kerberos->dce) {
        major = gss_wrap_iov(&minor, kerberos->ctx, 1, GSS_C_QOP_DEFAULT, &encrypted, part, 2);
        out[0] = part[0].buffer;
        out[1] = part[1].buffer;
    } else {
        major = gss_wrap(&minor, kerberos->ctx, 1, GSS_C_QOP_DEFAULT, &in, &encrypted, &out[0]);
    }
    if (kerberos_failed("wrap", major, minor))
        return -1;
    *used = out[0].length + out[1].length;
    if (!encrypted || *used > room)
        return fprintf(stderr, "kerberos: wrap made %zu bytes of %zu\n", *used, size), -1;
    memcpy(sealed, out[0].value, out[0].length);
    if (out[1].length > 0)
        memcpy(sealed + out[0].length, out[1].value, out[1].length);
    if (kerberos->dce)
        gss_release_iov_buffer(&ignored, part, 1);
    else
        gss_release_buffer(&ignored, &out[0]);
    return 0;
}
