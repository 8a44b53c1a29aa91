"""Database servers of any engine: the register, the folders of their data, the user that they run as, their TLS."""
