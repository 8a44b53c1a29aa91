"""Frozen values shared by all packages: one noun a module, with no I/O and no AWS calls."""
