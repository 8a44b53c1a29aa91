"""Run the clients: `python -m tests.clients [NAME ...]`; with names only those, and the page is left as it is.

Exit code 1 when a case failed that no limit of another product explains, or when a client could not run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from aurora_cfn.local.mysql.binaries import find
from tests.clients.catalogue import CLIENTS, Client
from tests.clients.emulator import REPOSITORY, emulator
from tests.clients.environments import Environments, cache
from tests.clients.report import Case, Run, page, table

TIMEOUT = 600
WIDTH = 300
NO_SERVER = "not run: this machine has neither MySQL nor MariaDB (AURORA_CFN_MYSQL_BIN)"


def main(names: list[str]) -> int:
    """Install, run, print the table."""
    chosen = [client for client in CLIENTS if not names or client.name in names or client.script.split(".")[0] in names]
    if not chosen:
        print("there are:", ", ".join(client.name for client in CLIENTS), file=sys.stderr)
        return 2
    environments = Environments(cache())
    with emulator() as variables:
        runs = [_run(client, environments, variables) for client in chosen]
    print(table(runs))
    for run in runs:
        for case in run.failures:
            print(f"{run.client.name}: {case.topic}: {case.name}: {case.error[:WIDTH]} [{case.limit or 'ours'}]")
        for case in run.stale:
            print(f"{run.client.name}: {case.topic}: {case.name}: passes now, take its limit away: {case.limit}")
    if not names:
        server = find(os.environ, None)
        (REPOSITORY / "docs" / "clients.md").write_text(page(runs, server.title if server else ""))
    return 1 if any(run.ours or run.broken for run in runs) else 0


def _run(client: Client, environments: Environments, variables: dict[str, str]) -> Run:
    if client.needs and client.needs not in variables:
        return Run(client, "", (), broken=NO_SERVER)
    try:
        command, version = environments.command(client), environments.version(client)
        print(f"{client.name} {version}", file=sys.stderr)
        done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=TIMEOUT)
    except (OSError, subprocess.SubprocessError) as error:
        return Run(client, "", (), broken=f"could not run: {error}"[:WIDTH])
    cases = tuple(Case(**json.loads(line)) for line in done.stdout.splitlines() if line.startswith('{"topic"'))
    broken = "" if cases and not done.returncode else f"could not run: {done.stderr[-WIDTH:]}"
    return Run(client, version, cases, broken)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
