/*
 * Stubs: for each row of def/exports.inc a slot with the real function's address, the plain jump
 * through it, the thunk that the slot holds at first, and the answer for a name that this Windows
 * lacks. Everything is made from the list; a row of route OURS has none of it.
 *
 * A jump leaves the caller's frame alone, so it is right whatever the arguments are. Only the
 * answer for an absent name must know how many bytes to take off the i686 stack.
 */
#ifdef __i386__
#define WORD             .long
#define SYMBOL(n)        _##n
#define STDCALL(n, b)    _##n@b
#define JUMP(n)          jmp *slot_##n
#define THUNK            pushl $index; jmp bind
#define RETURN(b)        ret $b
#define ANSWER_BOOLE(b)  pushl $120; call *__imp__SetLastError@4; xorl %eax, %eax; ret $b
#else
#define WORD             .quad
#define SYMBOL(n)        n
#define STDCALL(n, b)    n
#define JUMP(n)          jmp *slot_##n(%rip)
#define THUNK            movl $index, %eax; jmp bind
#define RETURN(b)        ret
#define ANSWER_BOOLE(b)  jmp boole
#endif

#define ANSWER_STATUS(b)  movl $0x80090302, %eax; RETURN(b) /* SEC_E_UNSUPPORTED_FUNCTION */
#define ANSWER_NTSTAT(b)  movl $0xC0000002, %eax; RETURN(b) /* STATUS_NOT_IMPLEMENTED */
#define ANSWER_WINERR(b)  movl $120, %eax; RETURN(b)        /* ERROR_CALL_NOT_IMPLEMENTED */
#define ANSWER_POINTER(b) xorl %eax, %eax; RETURN(b)
#define ANSWER_NOTHING(b) RETURN(b)

/* Slots, in the order of the list; real.h calls them an array. */
    .data
    .balign 64
    .globl SYMBOL(real_slots)
SYMBOL(real_slots):
#define SLOT_HOOK(n) slot_##n: WORD bind_##n
#define SLOT_PASS    SLOT_HOOK
#define SLOT_OURS(n)
#define EXPORT(name, bytes, route, absent, table, slot, dll, ordinal) SLOT_##route(name);
#include "exports.inc"
#undef EXPORT

    .section .rdata, "dr"
    .balign 8
    .globl SYMBOL(real_absent)
SYMBOL(real_absent):
#define ABSENT_HOOK(n) WORD absent_##n
#define ABSENT_PASS    ABSENT_HOOK
#define ABSENT_OURS(n)
#define EXPORT(name, bytes, route, absent, table, slot, dll, ordinal) ABSENT_##route(name);
#include "exports.inc"
#undef EXPORT

/* The thunks: `index` is the row's number. */
    .text
    .set index, 0
#define BIND_HOOK(n) bind_##n: THUNK; .set index, index + 1
#define BIND_PASS    BIND_HOOK
#define BIND_OURS(n)
#define EXPORT(name, bytes, route, absent, table, slot, dll, ordinal) BIND_##route(name);
#include "exports.inc"
#undef EXPORT

/* The answers. */
#define NONE_HOOK(n, b, a) absent_##n: ANSWER_##a(b)
#define NONE_PASS          NONE_HOOK
#define NONE_OURS(n, b, a)
#define EXPORT(name, bytes, route, absent, table, slot, dll, ordinal)                              \
    NONE_##route(name, bytes, absent);
#include "exports.inc"
#undef EXPORT

/* The jumps. */
#define EXIT(symbol, n)   .balign 16; .globl symbol; symbol: JUMP(n)
#define EXIT_PASS(n, b)   EXIT(STDCALL(pass_##n, 0), n)
#define EXIT_HOOK(n, b)
#define EXIT_OURS(n, b)
#define EXPORT(name, bytes, route, absent, table, slot, dll, ordinal) EXIT_##route(name, bytes);
#include "exports.inc"
#undef EXPORT

/* All arguments are kept while real_bind looks the row up; then as if the slot had held it. */
    .balign 16
#ifdef __i386__
bind:
    pushl %ecx
    pushl %edx
    pushl 8(%esp)
    call _real_bind@4
    popl %edx
    popl %ecx
    addl $4, %esp
    jmp *%eax
#else
    .def bind; .scl 3; .type 32; .endef
    .seh_proc bind
bind:
    subq $0x88, %rsp
    .seh_stackalloc 0x88
    .seh_endprologue
    movq %rcx, 0x20(%rsp)
    movq %rdx, 0x28(%rsp)
    movq %r8, 0x30(%rsp)
    movq %r9, 0x38(%rsp)
    movups %xmm0, 0x40(%rsp)
    movups %xmm1, 0x50(%rsp)
    movups %xmm2, 0x60(%rsp)
    movups %xmm3, 0x70(%rsp)
    movl %eax, %ecx
    call real_bind
    movq 0x20(%rsp), %rcx
    movq 0x28(%rsp), %rdx
    movq 0x30(%rsp), %r8
    movq 0x38(%rsp), %r9
    movups 0x40(%rsp), %xmm0
    movups 0x50(%rsp), %xmm1
    movups 0x60(%rsp), %xmm2
    movups 0x70(%rsp), %xmm3
    addq $0x88, %rsp
    jmp *%rax
    .seh_endproc

    .def boole; .scl 3; .type 32; .endef
    .seh_proc boole
boole:
    subq $0x28, %rsp
    .seh_stackalloc 0x28
    .seh_endprologue
    movl $120, %ecx
    call *__imp_SetLastError(%rip)
    xorl %eax, %eax
    addq $0x28, %rsp
    ret
    .seh_endproc
#endif
