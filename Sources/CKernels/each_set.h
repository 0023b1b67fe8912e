// Compiles kernels_body.h, BODY and, where it is defined, OTHER_BODY for each instruction set, and chooses among the results at
// run time. A file that includes it defines BODY first, and calls the chosen version of `f` by `DISPATCH(f, arguments)`.
//
// TARGET is a function attribute, NAME(x) adds the set's suffix, MATMUL_ROWS and ATTEND_ROWS are the rows of a tile that fill the
// set's registers.

#define TARGET
#define NAME(x) x##_baseline
#define MATMUL_ROWS 1
#define ATTEND_ROWS 1
#include "one_set.h"

#if defined(__x86_64__)
#define TARGET __attribute__((target("avx2,fma")))
#define NAME(x) x##_avx2
#define MATMUL_ROWS 3
#define ATTEND_ROWS 2
#include "one_set.h"

#define TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")))
#define NAME(x) x##_avx512
#define MATMUL_ROWS 12
#define ATTEND_ROWS 8
#include "one_set.h"

enum { BASELINE, AVX2, AVX512 };
static int instruction_set = BASELINE;
__attribute__((constructor)) static void choose_instruction_set(void) {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl"))
        instruction_set = AVX512;
    else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        instruction_set = AVX2;
}
#define DISPATCH(f, ...)                                                                                               \
    (instruction_set == AVX512 ? f##_avx512(__VA_ARGS__)                                                               \
     : instruction_set == AVX2 ? f##_avx2(__VA_ARGS__)                                                                 \
                               : f##_baseline(__VA_ARGS__))
#else
#define DISPATCH(f, ...) f##_baseline(__VA_ARGS__)
#endif
