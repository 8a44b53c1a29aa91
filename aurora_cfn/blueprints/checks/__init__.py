"""Combinations of values that no template can refuse, without troposphere, which takes long to load."""
