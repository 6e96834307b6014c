"""The kernel on a GPU: the same sources compiled for CUDA, one thread a future."""
