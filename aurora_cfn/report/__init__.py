"""Values to text: builds strings, never prints."""
