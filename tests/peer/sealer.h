/*
 * sealer.h: NTLM through GSSAPI and gss-ntlmssp, the sealer that owes nothing to our own code.
 * Used by the server of the end-to-end tests and by the recorder.
 * Every function answers 0, or -1 after a line on stderr.
 */
#ifndef SEALER_H
#define SEALER_H

#include <gssapi/gssapi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEALER_SIGNATURE 16
#define SEALER_FLAG_ESS  0x00080000u
#define SEALER_KEY_SIZE  16

struct sealer {
    gss_ctx_id_t ctx;
    gss_cred_id_t cred;
    bool initiator;
    bool done;
    uint32_t flags; /* NegotiateFlags of the AUTHENTICATE message */
    unsigned char key[SEALER_KEY_SIZE];
};

int sealer_open(struct sealer *sealer, bool initiator);
int sealer_step(struct sealer *sealer, const gss_buffer_desc *in, gss_buffer_desc *out);
int sealer_seal(struct sealer *sealer, const void *text, size_t size, unsigned char *sealed);
int sealer_unseal(struct sealer *sealer, const unsigned char *sealed, size_t size, void *text);
void sealer_close(struct sealer *sealer);

#endif
