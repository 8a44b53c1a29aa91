"""What a person sees and is asked: messages, prompts, progress."""
