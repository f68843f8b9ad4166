/*
 * SspiShim: the one export that the real DLL does not have. Finding it in a loaded secur32.dll or
 * security.dll proves that the shim runs (the path of the module proves nothing under Wine), and
 * calling it tells what the shim has done so far in this process.
 *
 *     typedef ULONG (WINAPI *status_fn)(struct sspishim_status *, ULONG);
 *     status_fn status = (status_fn)GetProcAddress(module, "SspiShimStatus");
 */
#ifndef SSPISHIM_H
#define SSPISHIM_H

#include <stdint.h>

#ifdef _WIN32
#define SSPISHIM_CALL __stdcall
#else
#define SSPISHIM_CALL
#endif

/* All counters start at 0 and wrap at 2^32. They are of this DLL in this process. */
struct sspishim_status {
    uint32_t size;          /* bytes of this structure */
    uint32_t version;       /* major << 16 | minor << 8 | patch */
    uint32_t calls;         /* DecryptMessage and UnsealMessage */
    uint32_t untouched;     /* of these, handed on with the caller's own descriptor */
    uint32_t merged;        /* of these, with more than one block */
    uint32_t split;         /* of these, with a part of a block, at either end */
    uint32_t extra;         /* of these, answered with a SECBUFFER_EXTRA */
    uint32_t extra_ignored; /* of these, that showed that the caller does not look at it */
    uint32_t held;          /* of these, that ended with a part of a block kept */
    uint32_t pending;       /* of these, that ended with plaintext that did not fit */
    uint32_t lost;          /* bytes still kept when their context went away */
    uint32_t altered;       /* blocks that the provider refused */
    uint32_t verified;      /* calls of VerifySignature */
    uint32_t faults;        /* what was not understood in sspishim.ini; see the debug output */
    uint32_t configured;    /* 1: there is a sspishim.ini beside this DLL, and it was read */
    uint32_t exact;         /* NTLM contexts whose session key tells where messages end */
    uint32_t keyless;       /* NTLM contexts whose provider does not give the key */
    uint32_t retired;       /* of the former, those where it ceased to tell */
};

/*
 * Writes the status, or nothing if `size` is smaller than the structure. Returns the structure's
 * size. Never fails, and may be called from any thread, but not from a DllMain. If no call has done
 * so yet it reads sspishim.ini, so that a program can be told of its faults at once.
 */
uint32_t SSPISHIM_CALL SspiShimStatus(struct sspishim_status *status, uint32_t size);

#endif
