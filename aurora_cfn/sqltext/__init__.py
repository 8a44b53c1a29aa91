"""SQL as text: its tokens, where a statement ends, and which named parameters stand in it."""
