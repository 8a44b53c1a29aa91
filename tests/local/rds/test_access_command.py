"""`access` as a whole command against the emulator: roles granted, used by token, revoked; the password rotated."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import psycopg2
import pytest

from aurora_cfn.local.home import Home
from aurora_cfn.local.launcher import LocalServer
from tests.local.test_sql import ROOT, Project
from tests.waiting import until

pytestmark = pytest.mark.slow
PARAMS = """\
endpoint: local
region: eu-west-1
stacks:
  data:
    template: aurora-serverless-postgres
    parameters: {ClusterName: access, MinCapacity: 0.5, MaxCapacity: 1, DeletionProtection: false, LogRetentionDays: 1}
"""

DSQL = """\
endpoint: local
region: eu-west-1
stacks:
  games:
    template: dsql
    parameters: {DeletionProtection: false}
"""
PRINCIPAL = "arn:aws:iam::123456789012:role/reports"


@pytest.fixture(scope="module")
def project(server: LocalServer, home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("access")
    (folder / "params").mkdir()
    (folder / "params/local.yaml").write_text(PARAMS)
    shutil.copytree(ROOT / "templates", folder / "templates")
    found = Project(folder, server.endpoint, home)
    deployed = found.run("deploy", "--yes", "--no-proof")
    assert deployed.exit_code == 0, deployed.stderr
    created = found.sql("create table orders as select generate_series(1, 3) as id")
    assert created.exit_code == 0, created.stderr
    yield found
    assert found.run("destroy", "--yes").exit_code == 0


def run(project: Project, verb: str, *arguments: str, code: int = 0) -> tuple[str, str]:
    """stdout and stderr of `access VERB`."""
    done = project.run("access", *arguments, verb=verb)
    assert done.exit_code == code, done.stdout + done.stderr
    return done.stdout, done.stderr


def listed(project: Project) -> dict[str, Any]:
    rows = json.loads(run(project, "list")[0])
    return {row["role"]: row for row in rows}


def outputs(project: Project) -> dict[str, str]:
    found: dict[str, dict[str, str]] = json.loads(project.run("outputs", "--format", "json").stdout)
    return found.get("data") or next(iter(found.values()))


def opened(server: LocalServer, place: dict[str, str], user: str) -> Any:
    """A session of a client that has nothing but an IAM token."""
    session = boto3.Session(server.keys.access_key_id, server.keys.secret_access_key, region_name="eu-west-1")
    host, port = place["DNSName"], int(place["DBPort"])
    token = session.client("rds").generate_db_auth_token(host, port, user)
    return psycopg2.connect(host=host, port=port, user=user, password=token, dbname="temporal", sslmode="require")


def test_a_reader_by_token_reads_and_cannot_write_until_it_is_revoked(project: Project, server: LocalServer) -> None:
    policy, said = run(project, "grant", "reporter", "--yes")
    place = outputs(project)
    (statement,) = json.loads(policy)["Statement"]
    assert statement["Action"] == ["rds-db:connect"]
    assert statement["Resource"].endswith(f":dbuser:{place['ClusterResourceId']}/reporter")
    assert 'create role "reporter" login;' in said
    assert "a paused database is resumed for this" in said
    assert listed(project)["reporter"] | {"password_until": ""} == {
        "role": "reporter", "login": True, "iam": True, "access": "read-only", "member_of": "rds_iam", "sessions": 0,
        "password_until": "",
    }  # fmt: skip
    project.sql("create table later as select 7 as id")
    session = opened(server, place, "reporter")
    with session, session.cursor() as cursor:
        cursor.execute("select count(*) from orders")
        assert cursor.fetchone() == (3,)
        cursor.execute("select id from later")
        assert cursor.fetchone() == (7,)
    with session.cursor() as cursor:
        cursor.execute("rollback; set default_transaction_read_only = off")
        session.commit()
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("insert into orders values (9)")
    checked = json.loads(run(project, "check")[0])
    assert {row["part"]: row["state"] for row in checked} == {
        "IAM authentication": "ok", "master secret": "ok", "role reporter": "ok", "session": "ok",
    }  # fmt: skip
    # The session of `check` may still be ending in PostgreSQL.
    assert until(lambda: listed(project)["reporter"]["sessions"] == 1)
    assert "add --confirm reporter" in run(project, "revoke", "reporter", code=6)[1]
    said = run(project, "revoke", "reporter", "--confirm", "reporter")[1]
    assert "dropped reporter, 1 session ended" in said
    assert "reporter" not in listed(project)
    assert session.closed or _is_ended(session)
    with pytest.raises(psycopg2.OperationalError):
        opened(server, place, "reporter")
    assert run(project, "revoke", "reporter", "--confirm", "reporter", code=1)[1]
    missing = json.loads(run(project, "check", "reporter", code=1)[0])
    assert ("role reporter", "missing") in {(row["part"], row["state"]) for row in missing}


def _is_ended(session: Any) -> bool:
    try:
        session.cursor().execute("select 1")
    except psycopg2.Error:
        return True
    return False


def test_a_writer_becomes_a_reader_and_what_it_owns_is_kept(project: Project) -> None:
    run(project, "grant", "app", "--read-write", "--yes")
    assert listed(project)["app"]["access"] == "read-write"
    said = run(project, "grant", "app", "--to", PRINCIPAL, "--yes")[1]
    assert "put-role-policy --role-name reports" in said
    assert listed(project)["app"]["access"] == "read-only"
    assert project.sql("create database other").exit_code == 0
    elsewhere = ("app", "--database", "other", "--yes")
    run(project, "grant", *elsewhere)
    assert "other has no schema nope" in run(project, "grant", *elsewhere, "--schema", "nope", code=3)[1]
    for statement in ("grant app to dbadmin", "grant create on schema public to app",
                      "create table mine as select 1 as id", "alter table mine owner to app"):  # fmt: skip
        done = project.sql(statement)
        assert done.exit_code == 0, done.stderr
    assert "table mine" in run(project, "revoke", "app", "--confirm", "app", code=6)[1]
    run(project, "revoke", "app", "--confirm", "app", "--reassign-to", "dbadmin")
    assert project.rows("select id from mine") == [{"id": 1}]


def test_what_is_refused_before_anything_is_run(project: Project, server: LocalServer) -> None:
    assert "--yes grants without a question" in run(project, "grant", "late", code=2)[1]
    assert "is the master user" in run(project, "grant", "dbadmin", "--yes", code=3)[1]
    assert "is the master user" in run(project, "revoke", "dbadmin", "--confirm", "dbadmin", code=3)[1]
    rds = boto3.client(
        "rds", endpoint_url=server.endpoint, region_name="eu-west-1",
        aws_access_key_id=server.keys.access_key_id, aws_secret_access_key=server.keys.secret_access_key,
    )  # fmt: skip
    rds.modify_db_cluster(DBClusterIdentifier="access", EnableIAMDatabaseAuthentication=False)
    said = run(project, "grant", "late", "--yes", code=3)[1]
    assert "set EnableIAMDatabaseAuthentication: true on DBCluster in the template of data-local" in said
    assert json.loads(run(project, "check", code=1)[0])[0]["state"] == "missing"
    rds.modify_db_cluster(DBClusterIdentifier="access", EnableIAMDatabaseAuthentication=True)
    assert "late" not in listed(project)


def test_a_password_is_in_its_secret_alone(project: Project, server: LocalServer) -> None:
    policy, said = run(project, "grant", "metabase", "--password", "--yes")
    secrets = boto3.client(
        "secretsmanager", endpoint_url=server.endpoint, region_name="eu-west-1",
        aws_access_key_id=server.keys.access_key_id, aws_secret_access_key=server.keys.secret_access_key,
    )  # fmt: skip
    found = json.loads(secrets.get_secret_value(SecretId="aurora-cfn/access/metabase")["SecretString"])
    assert found["password"] not in policy + said
    place = outputs(project)
    given = {"host": place["DNSName"], "port": int(place["DBPort"]), "dbname": "temporal", "sslmode": "require"}
    psycopg2.connect(user="metabase", password=found["password"], **given).close()
    run(project, "grant", "metabase", "--password", "--yes")
    psycopg2.connect(user="metabase", password=found["password"], **given).close()
    checked = json.loads(run(project, "check", "metabase")[0])
    assert checked[-1]["state"] == "ok"
    run(project, "revoke", "metabase", "--confirm", "metabase")
    with pytest.raises(secrets.exceptions.ResourceNotFoundException):
        secrets.get_secret_value(SecretId="aurora-cfn/access/metabase")


def test_the_old_password_is_refused_after_a_rotation(project: Project, server: LocalServer) -> None:
    secrets = boto3.client(
        "secretsmanager", endpoint_url=server.endpoint, region_name="eu-west-1",
        aws_access_key_id=server.keys.access_key_id, aws_secret_access_key=server.keys.secret_access_key,
    )  # fmt: skip
    place = outputs(project)
    before = secrets.get_secret_value(SecretId=place["SecretArn"])
    old = json.loads(before["SecretString"])["password"]
    version, said = run(project, "rotate", "--wait", "--yes")
    after = secrets.get_secret_value(SecretId=place["SecretArn"])
    new = json.loads(after["SecretString"])["password"]
    assert version.strip() == after["VersionId"] != before["VersionId"]
    assert not {old, new} & {word for line in (version + said).splitlines() for word in line.split()}
    given = {"host": place["DNSName"], "port": int(place["DBPort"]), "dbname": "temporal", "sslmode": "require"}
    psycopg2.connect(user="dbadmin", password=new, **given).close()
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(user="dbadmin", password=old, **given)


def test_dsql_maps_an_iam_role(server: LocalServer, home: Home, tmp_path: Path) -> None:
    (tmp_path / "params").mkdir()
    (tmp_path / "params/local.yaml").write_text(DSQL)
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    project = Project(tmp_path, server.endpoint, home)
    assert project.run("deploy", "--yes", "--no-proof").exit_code == 0
    assert project.sql("create table orders (id int primary key)").exit_code == 0
    assert "--to ARN" in run(project, "grant", "reporter", "--yes", code=3)[1]
    assert "no passwords" in run(project, "grant", "reporter", "--password", "--yes", code=3)[1]
    policy, said = run(project, "grant", "reporter", "--to", PRINCIPAL, "--yes")
    (statement,) = json.loads(policy)["Statement"]
    assert (statement["Action"], statement["Resource"].split(":")[2]) == (["dsql:DbConnect"], "dsql")
    assert f"aws iam grant \"reporter\" to '{PRINCIPAL}';" in said
    assert "put-role-policy --role-name reports" in said
    run(project, "grant", "reporter", "--to", PRINCIPAL, "--yes")
    assert listed(project)["reporter"] == {"role": "reporter", "login": True, "principal": PRINCIPAL}
    checked = json.loads(run(project, "check")[0])
    assert [(row["part"], row["state"]) for row in checked] == [("role reporter", "ok"), ("session", "ok")]
    assert "has no password" in run(project, "rotate", "--yes", code=3)[1]
    run(project, "revoke", "reporter", "--confirm", "reporter")
    assert "reporter" not in listed(project)
    assert project.run("destroy", "--yes").exit_code == 0
