"""What each command does, once click has read its options."""
