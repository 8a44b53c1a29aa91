"""The user's repository on disk: its files, git revisions, the user's cache folder, folders for private keys."""
