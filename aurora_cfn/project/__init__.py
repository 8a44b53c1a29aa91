"""The project on disk: its files, its git revisions, the user's cache, and private folders."""
