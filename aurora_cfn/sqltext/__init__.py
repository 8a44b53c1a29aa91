"""SQL as text: tokens, ends of statements, named parameters."""
