"""An emulator of its own in a temporary folder, with databases and a DSQL cluster deployed from the templates."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from aurora_cfn.local.mysql.binaries import find

REPOSITORY = Path(__file__).parents[2]
REGION = "eu-west-1"
PARAMS = f"""\
endpoint: local
region: {REGION}
stacks:
  dsql:
    template: dsql
    parameters:
      DeletionProtection: false
"""
DATABASE = """\
  {name}:
    template: aurora-serverless-{name}
    parameters:
      ClusterName: {name}
      MinCapacity: 0.5
      MaxCapacity: 1
      DBBackupRetentionPeriod: 1
      DeletionProtection: false
      MonitoringInterval: 0
"""
EXPORT = re.compile(r"""^export (?P<name>\w+)=(?P<quote>['"]?)(?P<value>.*)(?P=quote)$""", re.MULTILINE)
UNSET = re.compile(r"^unset (?P<names>.+)$", re.MULTILINE)


@contextmanager
def emulator() -> Iterator[dict[str, str]]:
    """The environment variables that the cases run with; the emulator is gone afterwards."""
    with TemporaryDirectory(prefix="clients-") as folder:
        project = Path(folder) / "project"
        (project / "params").mkdir(parents=True)
        engines = ("postgres", "mysql") if find(os.environ, None) else ("postgres",)
        databases = (DATABASE.format(name=name) for name in engines)
        (project / "params" / "local.yaml").write_text(PARAMS + "".join(databases))
        shutil.copytree(REPOSITORY / "templates", project / "templates")
        home = Path(folder) / "home"
        ours = {**os.environ, "AURORA_CFN_HOME": str(home)}
        try:
            _cli(project, ours, "deploy", "--env", "local", "--yes")
            yield _addressed(ours, project, home)
        finally:
            _cli(project, ours, "local", "reset", "--yes")


def _addressed(ours: Mapping[str, str], project: Path, home: Path) -> dict[str, str]:
    """The variables of `local env`, and the addresses of what was deployed."""
    found = json.loads(_cli(project, ours, "outputs", "--env", "local", "--format", "json"))
    lines = _cli(project, ours, "local", "env")
    names = {name for row in UNSET.finditer(lines) for name in row["names"].split()}
    kept = {name: value for name, value in ours.items() if name not in names}
    host, _, port = found["dsql"]["Endpoint"].partition(":")
    database, mysql = found["postgres"], found.get("mysql")
    return kept | {row["name"]: row["value"] for row in EXPORT.finditer(lines)} | {
        "CLUSTER_ARN": database["ClusterArn"], "SECRET_ARN": database["SecretArn"], "DATABASE": database["DBName"],
        "DATABASE_HOST": database["DNSName"], "DATABASE_PORT": database["DBPort"],
        "DSQL_NAME": f"{found['dsql']['ClusterId']}.dsql.{REGION}.on.aws", "DSQL_ADDRESS": host,
        "DSQL_PORT": port or "5432", "LOCAL_CA": str(home / "postgres" / "ca.pem"),
        "NODE_EXTRA_CA_CERTS": str(home / "postgres" / "ca.pem"), "REPOSITORY": str(REPOSITORY),
        "PROJECT": str(project), "AURORA_CFN_PYTHON": sys.executable,
    } | (_mysql(mysql) if mysql else {})  # fmt: skip


def _mysql(outputs: Mapping[str, str]) -> dict[str, str]:
    return {
        "AURORA_MYSQL_CLUSTER_ARN": outputs["ClusterArn"], "AURORA_MYSQL_SECRET_ARN": outputs["SecretArn"],
        "AURORA_MYSQL_DATABASE": outputs["DBName"], "AURORA_MYSQL_ADDRESS": outputs["DNSName"],
        "AURORA_MYSQL_PORT": outputs["DBPort"],
    }  # fmt: skip


def _cli(project: Path, environment: Mapping[str, str], *words: str) -> str:
    command = [sys.executable, "-m", "aurora_cfn", *words]
    done = subprocess.run(command, cwd=project, env=dict(environment), capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}: {done.stderr}{done.stdout}")
    return done.stdout
