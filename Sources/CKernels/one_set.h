// One turn of each_set.h.
#include "kernels_body.h"
#include BODY
#ifdef OTHER_BODY
#include OTHER_BODY
#endif
#undef TARGET
#undef NAME
#undef MATMUL_ROWS
#undef ATTEND_ROWS
