/*
 * Trial, memory. See trial_memory.h.
 */
#include "trial_memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *trial_wrong(const char *format, ...)
{
    static char why[300];
    va_list args;

    va_start(args, format);
    vsnprintf(why, sizeof why, format, args);
    va_end(args);
    return why;
}

const char *memory_answer(const struct trial_run *run, const struct program_call *call)
{
    const SecBuffer *data = &call->array[1], *asked = &call->asked[1];
    size_t n = call->end - call->start, at;

    if (memcmp(&call->array[0], &call->asked[0], sizeof *data) != 0)
        return trial_wrong("the first element was changed");
    if (data->BufferType != SECBUFFER_DATA)
        return trial_wrong("DATA became type %u", data->BufferType);
    if (run->plan->shape != PLAN_STREAM &&
        (data->pvBuffer != asked->pvBuffer || data->cbBuffer > asked->cbBuffer))
        return trial_wrong("DATA moved or grew: %u of %u", data->cbBuffer, asked->cbBuffer);
    at = (size_t)((unsigned char *)data->pvBuffer - call->memory);
    if (run->plan->shape == PLAN_STREAM && (at > n || data->cbBuffer > n - at))
        return trial_wrong("DATA outside the STREAM");
    return NULL;
}

const char *memory_text(struct trial_run *run, const struct program_call *call)
{
    const SecBuffer *data = &call->array[1];
    size_t n = data->cbBuffer, left = run->wire->text_n - run->taken;

    if (n > left)
        return trial_wrong("%zu bytes of text, %zu are left", n, left);
    for (size_t i = 0; i < n; i++)
        if (((unsigned char *)data->pvBuffer)[i] != run->wire->text[run->taken + i])
            return trial_wrong("wrong text at %zu, byte %zu of %zu of this call", run->taken + i, i,
                               n);
    run->taken += n;
    return run->capped && run->taken > run->cap
               ? trial_wrong("text behind what was more than MaxHeld")
               : NULL;
}

const char *memory_behind(const struct trial_run *run, const struct program_call *call)
{
    const SecBuffer *data = &call->array[1], *asked = &call->asked[1];
    const unsigned char *at = data->pvBuffer;

    if (run->plan->shape == PLAN_STREAM || provider.untouched || run->extra)
        return NULL;
    for (size_t i = data->cbBuffer; i < asked->cbBuffer; i++)
        if (at[i])
            return trial_wrong("byte %zu of DATA, behind %u of text, is not zero", i,
                               data->cbBuffer);
    return NULL;
}
