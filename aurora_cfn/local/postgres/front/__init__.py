"""The front of the databases: the only thing that listens for PostgreSQL clients.

It ends TLS (not every local PostgreSQL is built with it), checks IAM tokens, stands in for an RDS Proxy, wakes what is
paused, and relays everything else to the server's private socket untouched.
"""
