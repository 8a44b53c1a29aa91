"""`clients` of a pool as whole commands against the emulator and its real PostgreSQL."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from aurora_cfn.local.home import Home
from aurora_cfn.local.launcher import LocalServer
from tests.local.conftest import clients_of
from tests.local.test_sql import ROOT, Project

pytestmark = pytest.mark.slow
PARAMS = """\
endpoint: local
region: eu-west-1
stacks:
  pool:
    template: aurora-serverless-postgres
    parameters: {ClusterName: pool, MinCapacity: 0.5, MaxCapacity: 1, DeletionProtection: false, LogRetentionDays: 1}
fleet:
  name: shop
  regions: [eu-west-1, eu-central-1]
  pool: {stack: pool, connection_limit: 3, migrations: migrations}
"""
ORDERS = "create table orders (id int primary key);\ninsert into orders values (1);\n"
SHARED = "acme shares pool-local with other clients: this is of all of them\n"
REFUSED = "so --client does not change it: give --stack pool --region eu-west-1"
BY_CLIENT: list[tuple[tuple[str, ...], int, str, str]] = [
    (("sql", "select current_user, current_database()"), 0, "shop-acme,shop-acme", ""),
    (("connect", "--url"), 0, "postgresql://shop-acme@", ""),
    (("run", "--", "sh", "-c", "echo $PGUSER $PGDATABASE"), 0, "", "shop-acme at 127.0.0.1"),
    (("run", "--as", "dataapi", "--", "sh", "-c", 'test "$DATABASE" = shop-acme'), 0, "", "SECRET_ARN"),
    (("inspect", "tables", "--format", "json"), 0, "public.orders", ""),
    (("logs",), 0, "", SHARED),
    (("metrics", "--format", "json"), 0, '"database": "pool"', SHARED),
    (("why-awake", "--no-wake", "--format", "json"), 0, '"database": "pool"', SHARED),
    (("events",), 0, "pool-local", SHARED),
    (("status",), 0, "pool-local", SHARED),
    (("drift", "--exit-code"), 0, "pool-local: in sync", SHARED),
    (("drift", "--revert", "--yes"), 3, "", REFUSED),
    (("recover", "--yes"), 3, "", REFUSED),
    (("sql", "--region", "eu-central-1", "select 1"), 3, "", "no client acme in eu-central-1: it is in eu-west-1"),
]
"""Words of a command beside --client, its exit code, and what it writes to the two outputs."""


@pytest.fixture
def project(server: LocalServer, home: Home, tmp_path: Path) -> Project:
    for folder in ("params", "migrations"):
        (tmp_path / folder).mkdir()
    (tmp_path / "params/local.yaml").write_text(PARAMS)
    (tmp_path / "migrations/001_orders.sql").write_text(ORDERS)
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    return Project(tmp_path, server.endpoint, home)


def run(project: Project, verb: str, *arguments: str, code: int = 0) -> tuple[str, str]:
    """stdout and stderr of `clients VERB`, in which no password is."""
    ran = project.run("clients", *arguments, verb=verb)
    assert ran.exit_code == code, ran.stderr
    assert "SCRAM" not in ran.output
    return ran.stdout, ran.stderr


def listed(project: Project) -> dict[str, dict[str, Any]]:
    return {row["client"]: row for row in json.loads(run(project, "list", "--format", "json")[0])}


def test_the_whole_life_of_a_pool(project: Project, server: LocalServer) -> None:
    assert listed(project) == {}  # nothing is deployed yet
    assert "not deployed" in run(project, "create", "acme", "--yes", code=3)[1]
    project.run("deploy", "--yes")
    assert "1 migration" in run(project, "create", "acme", "globex", "--yes")[1]
    assert "nothing to create" in run(project, "create", "acme", "--yes")[1]
    assert (
        "has its database in eu-west-1"
        in run(project, "create", "acme", "--region", "eu-central-1", "--yes", code=3)[1]
    )
    rows = listed(project)
    assert [(row["state"], row["current"], row["limit"]) for row in rows.values()] == [("ready", True, 3)] * 2
    assert rows["acme"]["bytes"] > 0
    (shown,) = json.loads(run(project, "show", "acme", "--format", "json")[0])

    # The client itself reaches its own database only.
    data = clients_of(server, region="eu-west-1")("rds-data")

    def asked(sql: str, database: str, secret: str) -> Any:
        found = data.execute_statement(
            resourceArn=shown["cluster_arn"], secretArn=secret, database=database, sql=sql
        )  # fmt: skip
        return found["records"][0][0]

    assert asked("select current_user::text", "shop-acme", shown["secret_arn"]) == {"stringValue": "shop-acme"}
    for other in ("shop-globex", "app"):
        with pytest.raises(data.exceptions.ClientError, match=r"(permission denied|does not exist)"):
            asked("select 1", other, shown["secret_arn"])

    for words, code, out, said in BY_CLIENT:
        ran = project.run(words[0], "--client", "acme", *words[1:])
        assert (ran.exit_code, out in ran.stdout, said in ran.stderr) == (code, True, True), (words, ran.output)

    # A migration that fails in one client, after the canary.
    (project.folder / "migrations/002_total.sql").write_text("alter table orders add total int default 0;\n")
    (globex,) = json.loads(run(project, "show", "globex", "--format", "json")[0])
    data.execute_statement(
        resourceArn=globex["cluster_arn"], secretArn=globex["secret_arn"], database="shop-globex",
        sql="alter table orders add total text",
    )  # fmt: skip
    _, said = run(project, "upgrade", "--canary", "acme", "--wave", "5", "--yes", code=4)
    assert "migrations/002_total.sql:1" in said
    assert "stopped: 1 failed (tolerate 0); 1 of 2 clients at" in said
    assert {name: row["current"] for name, row in listed(project).items()} == {"acme": True, "globex": False}
    data.execute_statement(
        resourceArn=globex["cluster_arn"], secretArn=globex["secret_arn"], database="shop-globex",
        sql="alter table orders drop total",
    )  # fmt: skip
    assert (
        "1 migration, select sum(total) from orders: ok"
        in run(project, "upgrade", "--check", "select sum(total) from orders", "--yes")[1]
    )
    (project.folder / "migrations/001_orders.sql").write_text(ORDERS + "-- changed\n")
    assert "was changed after it ran" in run(project, "upgrade", "--yes", code=3)[1]

    # Claims and databases that disagree; a role of others with the name of a client.
    clients_of(server)("ssm").put_parameter(Name="/aurora-cfn/fleet/shop/lost", Value="eu-west-1", Type="String")
    assert "lost,eu-west-1,claimed" in run(project, "check", code=1)[0]
    assert run(project, "check", "--check", "select false", code=1)[0].count("answered False") == 2
    assert project.run("sql", 'create role "shop-other"').exit_code == 0
    assert "is no client of shop" in run(project, "create", "other", "--yes", code=3)[1]

    assert "--confirm shop-acme" in run(project, "delete", "acme", "--yes", code=6)[1]
    run(project, "delete", "lost", "acme", "--confirm", "shop-acme")
    run(project, "delete", "globex", "--confirm", "shop-globex", "--no-snapshot")
    assert listed(project) == {}
    snapshots = clients_of(server)("rds").describe_db_cluster_snapshots(DBClusterIdentifier="pool")
    names = [row["DBClusterSnapshotIdentifier"] for row in snapshots["DBClusterSnapshots"]]
    assert len(names) == 1
    assert names[0].startswith("pool-without-2-clients-")
    assert not clients_of(server)("secretsmanager").list_secrets(
        Filters=[{"Key": "name", "Values": ["aurora-cfn/pool/"]}]
    )["SecretList"]
