/*
 * Program. See program.h.
 */
#include "program.h"

#include <stdlib.h>
#include <string.h>

static void set(PSecBuffer buffer, ULONG type, void *at, size_t n)
{
    *buffer = (SecBuffer){(ULONG)n, type, at};
}

static unsigned char *copy_of(const unsigned char *bytes, size_t n)
{
    unsigned char *copy = malloc(n ? n : 1);

    if (!copy)
        abort();
    memcpy(copy, bytes, n);
    return copy;
}

/* Now and then a block that was read by itself has its token copied to another place. */
static enum plan_shape shape_of(const struct program *program, const struct program_call *call)
{
    const struct wire_block *block =
        &program->wire->block[wire_block_at(program->wire, call->start)];
    enum plan_shape shape = program->plan->shape;
    bool single = call->start == block->token && call->end == block->end;

    if (program->plan->mixed && program->even && single && shape == PLAN_FIRST && block->end % 2)
        return PLAN_APART;
    return shape;
}

/* Gives the number of elements; DATA is always [1]. */
static ULONG lay_out(struct program *program, struct program_call *call)
{
    enum plan_shape shape = shape_of(program, call);
    PSecBuffer a = program->array;
    unsigned char *at = call->memory;
    size_t n = call->end - call->start;
    size_t head = n < program->wire->head ? n : program->wire->head;
    ULONG elements = 2;

    if (shape == PLAN_STREAM) {
        set(&a[0], SECBUFFER_STREAM, at, n);
        set(&a[1], SECBUFFER_DATA, NULL, 0);
    } else if (shape == PLAN_LAST) {
        set(&a[0], SECBUFFER_TOKEN, at + n - head, head);
        set(&a[1], SECBUFFER_DATA, at, n - head);
    } else {
        set(&a[0], SECBUFFER_TOKEN, at, head);
        set(&a[1], SECBUFFER_DATA, at + head, n - head);
    }
    if (shape == PLAN_APART)
        a[0].pvBuffer = call->apart = copy_of(at, head);
    if (shape == PLAN_PADDED)
        set(&a[elements++], SECBUFFER_PADDING, at + n, 0);
    if (program->plan->slots == PLAN_NO_SLOT)
        return elements;
    if (program->plan->slots != PLAN_KEEPS || a[elements].pvBuffer == NULL) {
        /* What an EMPTY slot holds is often not initialised. */
        set(&a[elements], SECBUFFER_EMPTY, (void *)(ULONG_PTR)0xDEAD, 0xBEEF);
        set(&a[elements + 1], SECBUFFER_EMPTY, (void *)(ULONG_PTR)0xDEAD, 0xBEEF);
    }
    return elements + 2;
}

void program_call(struct program *program, struct program_call *call, size_t start, size_t end)
{
    CtxtHandle handle = fake_handle(WIRE_CONTEXT);
    ULONG elements;

    *call = (struct program_call){.start = start, .end = end, .array = program->array};
    call->memory = copy_of(program->wire->bytes + start, end - start);
    elements = lay_out(program, call);
    call->desc = (SecBufferDesc){SECBUFFER_VERSION, elements, program->array};
    memcpy(call->asked, program->array, sizeof call->asked);
    provider_watch(&call->desc);
    call->status = shim_DecryptMessage(&handle, &call->desc, program->number,
                                       program->plan->seed % 2 ? &program->qop : NULL);
    if (program->number && call->status != SEC_E_INCOMPLETE_MESSAGE)
        program->number++;
}

const SecBuffer *program_slot(const struct program_call *call, ULONG type)
{
    for (ULONG i = 2; i < call->desc.cBuffers; i++)
        if (call->array[i].BufferType == type)
            return &call->array[i];
    return NULL;
}

void program_end(struct program_call *call)
{
    free(call->memory);
    free(call->apart);
}
