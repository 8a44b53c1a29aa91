"""The embedded emulator: a loopback subprocess that answers the AWS APIs, with real PostgreSQL behind it.

Two halves that share only files and HTTP. The client half is imported by the command line and stays light:

    home       where state, logs and data live
    record     the file in which a running server says who and where it is
    lock       advisory file locks: one starter at a time, one server a home
    launcher   start, stop, status, reset
    status     what a running server tells, as values

The server half runs in `python -m aurora_cfn.local` and is the only place that imports ministack:

    server/    process start, the guard against web pages, autosave, the status page
"""
