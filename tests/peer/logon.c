/*
 * logon.c: see logon.h. Shared by the servers of the end-to-end tests and of the benchmark.
 */
#include "logon.h"

#include "net.h"

#include <stdlib.h>

int logon_accept(int fd, struct sealer *sealer)
{
    if (sealer_open(sealer, false))
        return -1;
    while (!sealer->done) {
        struct net_frame frame;
        gss_buffer_desc in, out;
        OM_uint32 minor;
        int bad;

        if (net_read_frame(fd, &frame))
            return -1;
        in = (gss_buffer_desc){frame.size, frame.bytes};
        bad = sealer_step(sealer, &in, &out);
        free(frame.bytes);
        if (bad || net_write_frame(fd, out.value, out.length))
            return -1;
        gss_release_buffer(&minor, &out);
    }
    return 0;
}
