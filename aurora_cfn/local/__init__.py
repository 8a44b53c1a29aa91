"""The embedded emulator: a loopback subprocess that answers the AWS APIs, with real PostgreSQL behind it.

Two halves that share only files and HTTP. The client half is imported by the command line and stays light:

    home         where state, logs and data live
    record       the file with a running server's process id and port
    lock         advisory file locks: one starter at a time, one server a home
    wire         plain HTTP to the server's own pages
    launcher     start, stop, reset
    status       what runs, for `local status`
    request      requests of our own commands: simulate, pause

The server half runs in `python -m aurora_cfn.local` and alone imports ministack, whose records and APIs
it keeps; what is missing is put around ministack's functions, so that a later version that learns it wins:

    server/      process start, loopback only, the guard against web pages, autosave, the status page
    postgres/    PostgreSQL servers: binaries, processes, data, snapshots; front/ is all that clients reach of them
    rds/         RDS records with those servers behind them, proxies included
    dataapi/     the RDS Data API over them
    distributed  Aurora DSQL clusters over them
    types/       resource types that ministack's CloudFormation lacks
    cloudformation/  refusals, change sets and operations as in AWS
    simulation   faults and delays on request
    replacing    functions of ministack replaced by ours
    urls         addresses of APIs as this machine can open them
    query        ministack's actions called from inside
"""
