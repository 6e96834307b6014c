"""Numba kernels: arrays in, arrays out. Knows nothing of cases, files or errors; never raises."""
