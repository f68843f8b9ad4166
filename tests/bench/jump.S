/*
 * jump.S: what a DLL that only forwards would cost: one jump through a pointer, as shim/win/stubs.S
 * has it for every function that the shim does not hook.
 */
#ifdef __i386__
    .globl _jump_DecryptMessage@16
    .comm _jump_target, 4, 2
    .balign 16
_jump_DecryptMessage@16:
    jmp *_jump_target
#else
    .globl jump_DecryptMessage
    .comm jump_target, 8, 3
    .balign 16
jump_DecryptMessage:
    jmp *jump_target(%rip)
#endif
