"""Killed and started again: what was there is there, and nothing that was left running is."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_address

import boto3
import psutil
import psycopg2
import pytest

from aurora_cfn.local import launcher
from aurora_cfn.local.home import Home
from aurora_cfn.local.keys import keys_of
from aurora_cfn.local.launcher import LocalServer
from aurora_cfn.local.postgres.server import running_pid
from aurora_cfn.local.record import read_record
from aurora_cfn.local.servers.folders import data_folder
from aurora_cfn.local.status import status
from aurora_cfn.local.wire import call
from tests.local.cloudformation.test_refusals import ssm
from tests.local.conftest import CAPABLE, Stacks, clients_of, listening, place, saved_stack
from tests.local.rds.test_proxies import behind_a_proxy
from tests.local.rds.test_stacks_with_databases import cluster, connect, row
from tests.waiting import until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home of these tests: each leaves it without stacks, and a start of the emulator costs more than they do."""
    home = Home(tmp_path_factory.mktemp("restart"))
    yield home
    launcher.reset(home)


def killed(server: LocalServer) -> None:
    process = psutil.Process(server.pid)
    os.kill(server.pid, signal.SIGKILL)
    psutil.wait_procs([process], timeout=5)


def servers(home: Home) -> list[int]:
    pids = [running_pid(path.parent) for path in data_folder(home).glob("*/data/postmaster.pid")]
    return [pid for pid in pids if pid]


def test_databases_proxies_and_their_addresses_survive_a_kill_and_no_orphan_does(shared: Home) -> None:
    server = launcher.ensure_running(shared)
    stacks = Stacks(clients_of(server))
    body = behind_a_proxy("REQUIRED")
    body["Resources"]["D"] = {"Type": "AWS::DSQL::Cluster", "Properties": {"DeletionProtectionEnabled": False}}
    body["Outputs"] |= {"Port": {"Value": {"Fn::GetAtt": "C.Endpoint.Port"}},
                        "Dsql": {"Value": {"Fn::GetAtt": "D.Endpoint"}}}  # fmt: skip
    outputs = stacks.create("kept", body)

    def connect(proxy: str) -> object:
        session = boto3.Session(server.keys.access_key_id, server.keys.secret_access_key, region_name="eu-west-1")
        host, port = place(proxy)
        token = session.client("rds").generate_db_auth_token(host, port, "boss")
        return psycopg2.connect(host=host, port=port, user="boss", password=token, dbname="temporal")

    row(connect(outputs["Host"]), "create table kept as select 42 as a")
    assert len(listening(server)) >= 4  # the APIs, the cluster, the proxy, the DSQL cluster
    assert all(ip_address(each).is_loopback for each in listening(server))
    assert saved_stack(shared, "kept", "CREATE_COMPLETE")
    orphans = servers(shared)
    assert len(orphans) == 2
    killed(server)
    assert servers(shared) == orphans
    again = launcher.ensure_running(shared)
    assert not set(servers(shared)) & set(orphans)
    assert again.endpoint == server.endpoint
    stacks = Stacks(clients_of(again))
    # Asked again: another emulator may have taken the address in between, and the proxy then has a new one.
    (proxy,) = stacks.client("rds").describe_db_proxies()["DBProxies"]
    assert row(connect(proxy["Endpoint"]), "select a from kept") == (42,)
    secret = json.loads(stacks.client("secretsmanager").get_secret_value(SecretId=outputs["Secret"])["SecretString"])
    direct = psycopg2.connect(host="127.0.0.1", port=outputs["Port"], user="boss", password=secret["password"],
                              dbname="temporal")  # fmt: skip
    assert row(direct, "select a from kept") == (42,)
    signer = boto3.Session(server.keys.access_key_id, server.keys.secret_access_key, region_name="eu-west-1").client(
        "dsql"
    )
    dsql = stacks.client("dsql")
    (cluster,) = dsql.list_clusters()["clusters"]
    host, port = place(dsql.get_cluster(identifier=cluster["identifier"])["endpoint"])
    admin = signer.generate_db_connect_admin_auth_token(host, "eu-west-1")
    assert row(psycopg2.connect(host=host, port=port, user="admin", password=admin, dbname="postgres",
                                sslmode="require"), "select 1") == (1,)  # fmt: skip
    stacks.delete("kept")
    assert not servers(shared)


def test_an_operation_that_was_interrupted_has_failed_and_its_stack_can_be_deleted(shared: Home) -> None:
    server = launcher.ensure_running(shared)
    record = read_record(shared.record)
    assert record
    call(record, "POST", "simulation", {"delays": {"AWS::SSM::*": 30}}, keys=keys_of(shared))
    stacks = Stacks(clients_of(server))
    stacks.cloudformation.create_stack(StackName="interrupted", TemplateBody=json.dumps({"Resources": {"A": ssm()}}))
    assert saved_stack(shared, "interrupted", "CREATE_IN_PROGRESS")
    killed(server)
    stacks = Stacks(clients_of(launcher.ensure_running(shared)))
    assert stacks.settled("interrupted")["StackStatus"] == "CREATE_FAILED"
    assert "killed" in stacks.reasons("interrupted")[-1]
    stacks.delete("interrupted")


def test_stopping_leaves_no_database_running_and_starting_brings_them_back(shared: Home) -> None:
    server = launcher.ensure_running(shared)
    stacks = Stacks(clients_of(server))
    stacks.create("db", behind_a_proxy("DISABLED"))
    rds = stacks.client("rds")
    (found,) = rds.describe_db_clusters()["DBClusters"]
    name = found["DBClusterIdentifier"]
    rds.modify_db_cluster(DBClusterIdentifier=name, NewDBClusterIdentifier="renamed")
    assert servers(shared)
    launcher.stop(shared)
    assert not servers(shared)
    stacks = Stacks(clients_of(launcher.ensure_running(shared)))
    assert stacks.settled("db")["StackStatus"] == "CREATE_COMPLETE"
    rds = stacks.client("rds")

    def available() -> bool:
        (cluster,), (member,) = rds.describe_db_clusters()["DBClusters"], rds.describe_db_instances()["DBInstances"]
        return (cluster["Status"], member["DBInstanceStatus"]) == ("available", "available")

    assert until(available)
    rds.modify_db_cluster(DBClusterIdentifier="renamed", NewDBClusterIdentifier=name)
    stacks.delete("db")
    assert saved_stack(shared, "db", "DELETE_COMPLETE")  # the next test kills: what is not saved yet would come back


def test_outputs_follow_a_port_that_another_program_took(shared: Home) -> None:
    body = cluster(deletion="Delete")
    body["Outputs"]["Port"]["Export"] = {"Name": "moved-port"}
    before = Stacks(clients_of(launcher.ensure_running(shared))).create("moved", body)
    launcher.stop(shared)
    with socket.create_server((before["Host"], int(before["Port"]))):
        server = launcher.ensure_running(shared)
        stacks = Stacks(clients_of(server))
        outputs = {row["OutputKey"]: row["OutputValue"] for row in stacks.settled("moved")["Outputs"]}
        assert outputs["Port"] != before["Port"]
        assert outputs | {"Port": ""} == before | {"Port": ""}
        (export,) = stacks.cloudformation.list_exports()["Exports"]
        assert export["Value"] == outputs["Port"]
        assert row(connect(outputs), "select 1") == (1,)
        assert "moved: its outputs have another port" in str(status(shared))
    stacks.delete("moved")
    assert saved_stack(shared, "moved", "DELETE_COMPLETE")
    # An identifier that is given again has its endpoint again.
    name = {"DBClusterIdentifier": "again"}
    rds = stacks.client("rds")
    keys = {"Engine": "aurora-postgresql", "MasterUsername": "boss", "MasterUserPassword": "first-password"}
    ports = []
    for _ in range(2):
        rds.create_db_cluster(**name, **keys)
        ports.append(rds.describe_db_clusters(**name)["DBClusters"][0]["Port"])
        rds.delete_db_cluster(**name, SkipFinalSnapshot=True)
    assert ports[0] == ports[1]


def test_twenty_stacks_at_once(stacks: Stacks) -> None:
    names = [f"s{index}" for index in range(20)]
    for name in names:
        body = {"Resources": {f"P{index}": ssm(str(index)) for index in range(5)}}
        stacks.cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(body))
    assert {stacks.settled(name)["StackStatus"] for name in names} == {"CREATE_COMPLETE"}


def test_an_idle_emulator_is_small(own: Home) -> None:
    process = psutil.Process(launcher.ensure_running(own).pid)
    # What the start needed is given back a second later.
    assert until(lambda: process.memory_info().rss <= 90 * 2**20)


MOMENTS: Mapping[str, Callable[[Home, Stacks, str], object]] = {
    "the request is accepted": lambda home, stacks, name: True,
    "the database's data are being made": lambda home, stacks, name: [*data_folder(home).glob("*/half-*")],
    "the stack is in the saved state": lambda home, stacks, name: saved_stack(home, name),
    "the database's server starts": lambda home, stacks, name: servers(home),
    "the cluster is made": lambda home, stacks, name: stacks.events(name) >= 3,
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_kill_during_a_creation_leaves_nothing_that_blocks_the_next(shared: Home, moment: str) -> None:
    """With names of their own, so that whatever is left has the name that the next creation wants."""
    name, body = f"cut-{[*MOMENTS].index(moment)}", behind_a_proxy("DISABLED")
    body["Resources"]["C"]["Properties"]["DBClusterIdentifier"] = "fixed"
    body["Resources"]["I"]["Properties"] = body["Resources"]["I"]["Properties"] | {"DBInstanceIdentifier": "fixed-one"}
    server = launcher.ensure_running(shared)
    stacks = Stacks(clients_of(server))
    stacks.cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(body), **CAPABLE)
    assert until(lambda: MOMENTS[moment](shared, stacks, name))
    killed(server)
    stacks = Stacks(clients_of(launcher.ensure_running(shared)))
    stacks.delete(name)
    stacks.create(name, body)
    stacks.delete(name)
    assert saved_stack(shared, name, "DELETE_COMPLETE")
    assert not servers(shared)
