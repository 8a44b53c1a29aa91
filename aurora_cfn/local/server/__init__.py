"""The server process: the only place of this program that imports ministack."""
