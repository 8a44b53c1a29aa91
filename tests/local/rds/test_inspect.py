"""The checks of `inspect` on a real PostgreSQL behind the emulated Data API."""

from __future__ import annotations

import json
import threading
from contextlib import suppress

import psycopg2
import pytest

from aurora_cfn.aws.data_api import AwsDataApi
from aurora_cfn.aws.rds import AwsDatabases
from aurora_cfn.aws.session import Connection, Session
from aurora_cfn.local.launcher import LocalServer
from aurora_cfn.model.rows import Database
from aurora_cfn.operate.inspect.checks import CHECKS, as_rows
from aurora_cfn.operate.inspect.read import Inspector
from tests.local.conftest import Stacks
from tests.local.rds.test_stacks_with_databases import OUTPUTS, cluster, connect, row
from tests.waiting import until

pytestmark = pytest.mark.slow


def test_blocking_sessions_are_found_and_ended_and_every_check_can_be_read(
    stacks: Stacks, server: LocalServer, account: str
) -> None:
    # 17 for pg_stat_statements, which the binaries of other versions may not have.
    body = cluster(deletion="Delete", EngineVersion="17.4", ManageMasterUserPassword=True, MasterUserPassword=None)
    body["Outputs"] = OUTPUTS | {"Secret": {"Value": {"Fn::GetAtt": "C.MasterUserSecret.SecretArn"}}}
    outputs = stacks.create("inspected", body)
    session = Session(Connection("eu-west-1", None, server.endpoint, (account, server.keys.secret_access_key)))
    found = AwsDatabases(session).cluster(outputs["Id"])
    assert found is not None
    assert (found.capacity and found.capacity.minimum, found.capacity and found.capacity.maximum) == (0.5, 2)
    database = Database("inspected", "temporal", outputs["Secret"], found.arn)
    inspector = Inspector(AwsDataApi(session), database)

    first = {check.name: check for check in inspector.results(list(CHECKS.values()))}
    assert list(first) == list(CHECKS)
    assert not [check.text for check in first.values() if check.text.startswith("not read")]
    assert first["blocking"].grade == "good"
    assert "pg_stat_statements is not created in temporal" in first["outliers"].text
    assert "boss" in {one["role"] for one in as_rows(first["roles"].rows)}

    held = stacks.client("secretsmanager").get_secret_value(SecretId=outputs["Secret"])["SecretString"]
    secret = json.loads(held)["password"]
    blocker, blocked = connect(outputs, secret), connect(outputs, secret)
    row(blocker, "create table t as select 1 as a")
    has_statements = row(blocker, "select count(*) from pg_available_extensions where name = 'pg_stat_statements'")
    if has_statements == (1,):
        row(blocker, "create extension pg_stat_statements")
    holder = blocker.cursor()
    holder.execute("update t set a = 2")
    holder.execute("select pg_backend_pid()")
    (pid,) = holder.fetchone()
    waiting = threading.Thread(target=_update, args=(blocked,))
    waiting.start()
    assert until(lambda: next(inspector.results([CHECKS["blocking"]])).grade != "good")
    (result,) = inspector.results([CHECKS["blocking"]])
    assert result.grade == "warn"
    assert f"pid {pid} (boss, idle in transaction) blocks 1 session" in result.text
    (locks, outliers) = inspector.results([CHECKS["locks"], CHECKS["outliers"]])
    assert locks.grade == "warn"
    assert bool(as_rows(outliers.rows)) == (has_statements == (1,)), outliers.text

    if has_statements == (1,):
        inspector.reset_statements()
        (counted,) = inspector.results([CHECKS["calls"]])
        assert max(one["calls"] for one in as_rows(counted.rows)) < 5

    shown = inspector.session(pid)
    assert shown is not None
    assert not inspector.terminate(pid, "2001-01-01")
    assert inspector.terminate(pid, str(shown.rows[0][-1]))
    waiting.join(20)
    assert row(blocked, "select a from t") == (3,)
    assert inspector.session(pid) is None
    blocked.close()
    stacks.delete("inspected")


def _update(connection: object) -> None:
    with suppress(psycopg2.Error):
        row(connection, "update t set a = 3")
