"""Output for the user on the terminal: messages, progress, questions."""
