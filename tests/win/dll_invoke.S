/*
 * Invoke: the two ends of a call in dll_call.c that C cannot see. call_invoke gives the function
 * its arguments and finds out what became of the stack pointer and of the registers that have to
 * be kept; call_landing stands for a real function and notes the arguments. One at a time.
 */
#ifdef __i386__
#define W 4
#else
#define W 8
#endif
#define N        (14 * W) /* struct call */
#define ANSWER   (15 * W)
#define RESULT   (16 * W)
#define LEFT     (17 * W)
#define SPOILED  (18 * W)
#define LANDINGS (19 * W)
#define LANDED   (20 * W)
#define MARK     0x5EED5EED

    .bss
    .balign 8
current:
    .space 8
stack:
    .space 8

    .text
    .balign 16
#ifdef __i386__
    .globl _call_invoke
_call_invoke:
    pushl %ebp
    pushl %ebx
    pushl %esi
    pushl %edi
    movl 20(%esp), %eax
    movl 24(%esp), %edx
    movl %eax, current
    movl %esp, stack
    movl N(%eax), %ecx
1:  jecxz 2f
    pushl -4(%eax, %ecx, 4)
    decl %ecx
    jmp 1b
2:  movl $MARK, %ebx
    movl %ebx, %esi
    movl %ebx, %edi
    movl %ebx, %ebp
    call *%edx
    movl current, %ecx
    movl %eax, RESULT(%ecx)
    movl stack, %eax
    subl %esp, %eax
    movl %eax, LEFT(%ecx)
    movl stack, %esp
    xorl $MARK, %ebx
    xorl $MARK, %esi
    xorl $MARK, %edi
    xorl $MARK, %ebp
    orl %esi, %ebx
    orl %edi, %ebx
    orl %ebp, %ebx
    movl %ebx, SPOILED(%ecx)
    popl %edi
    popl %esi
    popl %ebx
    popl %ebp
    ret

    .balign 16
    .globl _call_landing
_call_landing:
    movl current, %ecx
    incl LANDINGS(%ecx)
    movl N(%ecx), %eax
1:  testl %eax, %eax
    jz 2f
    movl (%esp, %eax, 4), %edx
    movl %edx, LANDED - 4(%ecx, %eax, 4)
    decl %eax
    jmp 1b
2:  movl N(%ecx), %edx
    movl ANSWER(%ecx), %eax
    popl %ecx
    leal (%esp, %edx, 4), %esp
    jmp *%ecx
#else
#define KEPT rbp, rbx, rsi, rdi, r12, r13, r14, r15
    .globl call_invoke
    .def call_invoke; .scl 2; .type 32; .endef
    .seh_proc call_invoke
call_invoke:
    .irp register, KEPT
    pushq %\register
    .seh_pushreg %\register
    .endr
    subq $0x118, %rsp /* 14 arguments, xmm6...15, and 8 for the alignment */
    .seh_stackalloc 0x118
    .irp i, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    movaps %xmm\i, 0x70 + (\i - 6) * 16(%rsp)
    .seh_savexmm %xmm\i, 0x70 + (\i - 6) * 16
    .endr
    .seh_endprologue
    movq %rcx, current(%rip)
    movq %rsp, stack(%rip)
    movq %rdx, %rax
    movq %rcx, %rsi
    movq %rsp, %rdi
    movl $14, %ecx
    rep movsq
    movq (%rsp), %rcx
    movq 8(%rsp), %rdx
    movq 16(%rsp), %r8
    movq 24(%rsp), %r9
    .irp register, KEPT
    movq $MARK, %\register
    .endr
    .irp i, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    pcmpeqd %xmm\i, %xmm\i
    .endr
    call *%rax
    movq current(%rip), %rcx
    movq %rax, RESULT(%rcx)
    movq stack(%rip), %rdx
    subq %rsp, %rdx
    movq %rdx, LEFT(%rcx)
    movq stack(%rip), %rsp
    .irp i, 7, 8, 9, 10, 11, 12, 13, 14, 15
    pand %xmm\i, %xmm6
    .endr
    pmovmskb %xmm6, %eax
    xorl $0xFFFF, %eax
    .irp register, KEPT
    xorq $MARK, %\register
    orq %\register, %rax
    .endr
    movq %rax, SPOILED(%rcx)
    .irp i, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    movaps 0x70 + (\i - 6) * 16(%rsp), %xmm\i
    .endr
    addq $0x118, %rsp
    .irp register, r15, r14, r13, r12, rdi, rsi, rbx, rbp
    popq %\register
    .endr
    ret
    .seh_endproc

    .balign 16
    .globl call_landing
    .def call_landing; .scl 2; .type 32; .endef
call_landing:
    movq current(%rip), %r10
    incq LANDINGS(%r10)
    movq %rcx, LANDED(%r10)
    movq %rdx, LANDED + 8(%r10)
    movq %r8, LANDED + 16(%r10)
    movq %r9, LANDED + 24(%r10)
    movl $4, %eax
1:  movq 8(%rsp, %rax, 8), %rcx
    movq %rcx, LANDED(%r10, %rax, 8)
    incl %eax
    cmpl $14, %eax
    jb 1b
    movq ANSWER(%r10), %rax
    ret
#endif
