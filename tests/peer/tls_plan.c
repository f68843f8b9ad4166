/*
 * tls_plan.c: carries out a plan (tls_plan.h), word by word.
 * Session tickets are of OpenSSL's stateful kind, since only these are always equally long: the
 * client's trace of two connections is compared byte for byte.
 */
#include "tls_plan.h"
#include "net.h"
#include "tls_session.h"
#include "tls_text.h"

#include <stdlib.h>

struct tls_plan {
    struct tls_session session;
    unsigned written; /* texts sealed */
    unsigned heard;   /* texts received */
};

static int tls_plan_record(struct tls_plan *plan, unsigned long size)
{
    char text[TLS_TEXT_MAX];

    if (size == 0 || size > sizeof text)
        return -1;
    tls_text_fill(text, size, plan->written++);
    return tls_session_write(&plan->session, text, size);
}

static int tls_plan_records(struct tls_plan *plan, unsigned long count, unsigned long size)
{
    while (count-- > 0)
        if (tls_plan_record(plan, size))
            return -1;
    return tls_session_send(&plan->session, 0);
}

static int tls_plan_bulk(struct tls_plan *plan, unsigned long count)
{
    return tls_plan_records(plan, count, TLS_TEXT_MAX);
}

static int tls_plan_tiny(struct tls_plan *plan, unsigned long count)
{
    return tls_plan_records(plan, count, 1);
}

static int tls_plan_send(struct tls_plan *plan, unsigned long size)
{
    return tls_session_send(&plan->session, size);
}

static int tls_plan_ack(struct tls_plan *plan, unsigned long none)
{
    char byte;

    (void)none;
    return net_read(plan->session.fd, &byte, 1);
}

static int tls_plan_hear(struct tls_plan *plan, unsigned long size)
{
    char text[TLS_TEXT_MAX];

    if (size > sizeof text || tls_session_read(&plan->session, text, size))
        return -1;
    return tls_text_matches(text, size, plan->heard++) ? 0 : -1;
}

static int tls_plan_close(struct tls_plan *plan, unsigned long none)
{
    (void)none;
    return tls_session_close(&plan->session);
}

/* OpenSSL only notes such a message (1: noted); the handshake step is what seals it. */
static int tls_plan_seal(struct tls_plan *plan, int noted)
{
    return noted == 1 && SSL_do_handshake(plan->session.ssl) == 1 ? 0 : -1;
}

static int tls_plan_hello(struct tls_plan *plan, unsigned long none)
{
    (void)none;
    return tls_plan_seal(plan, SSL_renegotiate(plan->session.ssl));
}

static int tls_plan_ticket(struct tls_plan *plan, unsigned long none)
{
    (void)none;
    return tls_plan_seal(plan, SSL_new_session_ticket(plan->session.ssl));
}

static int tls_plan_update(struct tls_plan *plan, unsigned long none)
{
    (void)none;
    return tls_plan_seal(plan, SSL_key_update(plan->session.ssl, SSL_KEY_UPDATE_NOT_REQUESTED));
}

static int tls_plan_asknew(struct tls_plan *plan, unsigned long none)
{
    (void)none;
    return tls_plan_seal(plan, SSL_key_update(plan->session.ssl, SSL_KEY_UPDATE_REQUESTED));
}

/* What a shim that looks for NTLM must not take for NTLM: this is a TLS context. */
static int tls_plan_fake(struct tls_plan *plan, unsigned long count)
{
    unsigned char block[40] = {1};

    memset(block + 4, 'n', sizeof block - 4);
    memset(block + 12, 0, 4);
    for (; block[12] < count; block[12]++)
        if (tls_session_insert(&plan->session, block, sizeof block))
            return -1;
    return 0;
}

static int tls_plan_flip(struct tls_plan *plan, unsigned long none)
{
    (void)none;
    return tls_session_flip(&plan->session);
}

static const struct tls_plan_step {
    const char *word;
    int (*run)(struct tls_plan *plan, unsigned long number);
} tls_plan_steps[] = {
    {"rec", tls_plan_record},    {"bulk", tls_plan_bulk},     {"tiny", tls_plan_tiny},
    {"send", tls_plan_send},     {"ack", tls_plan_ack},       {"hear", tls_plan_hear},
    {"close", tls_plan_close},   {"hello", tls_plan_hello},   {"ticket", tls_plan_ticket},
    {"update", tls_plan_update}, {"asknew", tls_plan_asknew}, {"flip", tls_plan_flip},
    {"fake", tls_plan_fake},
};

static int tls_plan_step(struct tls_plan *plan, const char *word)
{
    size_t letters = strcspn(word, "0123456789");
    unsigned long number = strtoul(word + letters, NULL, 10);

    for (size_t i = 0; i < sizeof tls_plan_steps / sizeof *tls_plan_steps; i++) {
        const struct tls_plan_step *step = &tls_plan_steps[i];

        if (strlen(step->word) == letters && !strncmp(step->word, word, letters))
            return step->run(plan, number);
    }
    return -1;
}

static int tls_plan_open(struct tls_plan *plan, SSL_CTX *context, int fd, const char *version,
                         size_t tickets)
{
    int protocol = strcmp(version, "13") ? TLS1_2_VERSION : TLS1_3_VERSION;

    SSL_CTX_set_min_proto_version(context, protocol);
    SSL_CTX_set_max_proto_version(context, protocol);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(context, tickets);
    return tls_session_open(&plan->session, context, fd);
}

const char *tls_plan_serve(SSL_CTX *context, int fd, char *text)
{
    struct tls_plan plan = {.written = 0};
    char *version = strsep(&text, " ");
    char *word = strsep(&text, " ");
    size_t tickets = 0;
    int hold = word && !strcmp(word, "hold");

    if (hold)
        word = strsep(&text, " ");
    if (word && sscanf(word, "tickets%zu", &tickets) == 1)
        word = strsep(&text, " ");
    if (tls_plan_open(&plan, context, fd, version, tickets) || tls_session_handshake(&plan.session))
        return "handshake";
    if (!hold && tickets == 0 && tls_session_send(&plan.session, 0))
        return "flight";
    for (; word; word = strsep(&text, " "))
        if (tls_plan_step(&plan, word))
            return word;
    SSL_free(plan.session.ssl);
    return NULL;
}
