/*
 * tlsget.c: a Win32 Schannel client, written as such programs are, for the TLS end-to-end tests.
 *
 *   tlsget PORT [STYLE PLAN]...
 *
 * For each pair it connects to tls_peer, which does what PLAN says (tests/peer/tls_plan.h), and
 * reads to the end in the manner of STYLE (tls_style.h). stdout gets the trace of every call;
 * stderr tells whether the shim was there. No line of it is written to suit the shim.
 */
#include "tls_client.h"
#include "tls_report.h"

#include <stdio.h>
#include <stdlib.h>

#define TLSGET_ERRORS 4u

static struct tls_client tlsget_client;

/* Unseals what is there; -1 ends the connection. */
static int tlsget_drain(struct tls_client *client)
{
    while (client->have > 0) {
        size_t used;
        SECURITY_STATUS status = tls_unseal(client, &used);

        if (status == SEC_E_INCOMPLETE_MESSAGE) {
            if (client->style.loss == TLS_LOSS_PARTIAL)
                tls_client_consume(client, client->have);
            return 0;
        }
        if (status < 0) {
            tls_client_consume(client, client->have);
            return ++client->errors == TLSGET_ERRORS ? -1 : 0;
        }
        tls_client_consume(client, client->style.loss == TLS_LOSS_EXTRA ? client->have : used);
    }
    return 0;
}

static void tlsget_run(struct tls_client *client, unsigned port, const char *plan)
{
    if (tls_client_connect(client, port, plan) || tls_client_acquire(client))
        return;
    if (tls_client_handshake(client) == 0) {
        tls_client_query(client);
        while (tlsget_drain(client) == 0 && tls_client_acknowledge(client) == 0 &&
               tls_client_receive(client) == 0)
            ;
        tls_client_shutdown(client);
        tls_client_close(client);
    }
    tls_inbox_print(&client->inbox);
    printf("  result: %u texts, %u wrong, %u errors\n", client->inbox.texts, client->inbox.wrong,
           client->errors);
    closesocket(client->socket);
}

int main(int count, char **word)
{
    WSADATA winsock;

    if (WSAStartup(MAKEWORD(2, 2), &winsock) || tls_api_open()) {
        fprintf(stderr, "tlsget: no Winsock or no SSPI\n");
        return 2;
    }
    for (int i = 2; i + 1 < count; i += 2) {
        memset(&tlsget_client, 0, sizeof tlsget_client);
        if (tls_style_parse(&tlsget_client.style, word[i])) {
            fprintf(stderr, "tlsget: bad style %s\n", word[i]);
            return 2;
        }
        printf("== %s | %s\n", word[i], word[i + 1]);
        tlsget_run(&tlsget_client, (unsigned)atoi(word[1]), word[i + 1]);
        fflush(stdout);
    }
    tls_report();
    return 0;
}
