/*
 * tls_plan.h: what the TLS server does on one connection. The client sends it as one frame:
 *
 *   VERSION [hold] [ticketsN] STEP STEP ...      VERSION 12 or 13
 *   hold      the last handshake flight waits for the first `send`
 *   ticketsN  TLS 1.3: N session tickets wait for the first `send`
 *   STEP      recN one record of N bytes | bulkN, tinyN N records of 16 KiB (of one byte),
 *             sent at once
 *             send, sendN what is sealed, or its first N bytes, in one send()
 *             ack one plain byte from the client | hearN a sealed text of N bytes from it
 *             close close_notify | ticket | update, asknew KeyUpdate, and one that asks for
 *             the other side's | flip spoil the last byte not yet sent
 *             hello HelloRequest | fakeN N blocks that look as NTLM's, with their numbers
 */
#ifndef TLS_PLAN_H
#define TLS_PLAN_H

#include <openssl/ssl.h>

/* Serves the whole connection; NULL, or the word that failed. */
const char *tls_plan_serve(SSL_CTX *context, int fd, char *plan);

#endif
