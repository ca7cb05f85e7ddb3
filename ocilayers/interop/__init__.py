"""Bridges to other libraries and to the kernel, each imported by its own name."""
