#include "CKernels.h"
int medresearcher_kernels_placeholder(void) { return 0; }
