/* FOLD(op, p): p(0) op p(1) op ... op p(N-1), for N from 1 to 16; EACH(p): the same without an operator, for options. */
#define FOLD(op, p) (FOLD_OF(N, op, p))
#define EACH(p) FOLD_OF(N, , p)
#define FOLD_OF(n, op, p) FOLD_TO(n, op, p)
#define FOLD_TO(n, op, p) FOLD_##n(op, p)
#define FOLD_1(op, p) p(0)
#define FOLD_2(op, p) FOLD_1(op, p) op p(1)
#define FOLD_3(op, p) FOLD_2(op, p) op p(2)
#define FOLD_4(op, p) FOLD_3(op, p) op p(3)
#define FOLD_5(op, p) FOLD_4(op, p) op p(4)
#define FOLD_6(op, p) FOLD_5(op, p) op p(5)
#define FOLD_7(op, p) FOLD_6(op, p) op p(6)
#define FOLD_8(op, p) FOLD_7(op, p) op p(7)
#define FOLD_9(op, p) FOLD_8(op, p) op p(8)
#define FOLD_10(op, p) FOLD_9(op, p) op p(9)
#define FOLD_11(op, p) FOLD_10(op, p) op p(10)
#define FOLD_12(op, p) FOLD_11(op, p) op p(11)
#define FOLD_13(op, p) FOLD_12(op, p) op p(12)
#define FOLD_14(op, p) FOLD_13(op, p) op p(13)
#define FOLD_15(op, p) FOLD_14(op, p) op p(14)
#define FOLD_16(op, p) FOLD_15(op, p) op p(15)

/* With -DINVARIANT: a process that stands still as long as BAD is false, and so adds neither states nor transitions. */
#ifdef INVARIANT
#define MONITOR active proctype monitor() { BAD -> assert(false) }
#else
#define MONITOR
#endif
