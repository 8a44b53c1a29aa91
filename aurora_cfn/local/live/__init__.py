"""Lambda functions that run from a source folder: the workers, the reload after a save, and what a person sees."""
