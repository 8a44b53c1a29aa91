"""The changes between two sides of a stack, each with a verdict, and the guard over them.

Nothing is imported here: a deployment reads the guard, and of a new stack there are no changes.
"""
