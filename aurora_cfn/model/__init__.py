"""Frozen values that travel between floors; one noun a module, and no behaviour beyond reading themselves."""
