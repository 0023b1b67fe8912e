int medresearcher_kernels_placeholder(void);
