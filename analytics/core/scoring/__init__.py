"""The statistics of a pair bar by bar, for history and for the live stream by the same kernels."""
