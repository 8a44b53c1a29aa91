"""The example of a fleet: its network in both regions, a client in one of them, and what `--client` finds there."""

from __future__ import annotations

import json

import pytest

from tests.examples.workplace import Workplace

pytestmark = pytest.mark.slow
FLEET = ("--env", "client-databases")


def test_a_client_has_its_database_in_the_network_of_its_region(workplace: Workplace) -> None:
    for words in (
        ("deploy", *FLEET, "--stack", "network", "--yes"),
        ("deploy", *FLEET, "--stack", "network", "--region", "eu-central-1", "--yes"),
        ("clients", "create", "acme", *FLEET, "--region", "eu-central-1", "--yes"),
    ):
        done = workplace.run(*words)
        assert done.returncode == 0, done.stderr[-3000:]
    found = workplace.run("sql", *FLEET, "--client", "acme", "--format", "json", "select 6 * 7 as n")
    assert json.loads(found.stdout) == [{"n": 42}], found.stderr
    drift = workplace.run("drift", *FLEET, "--client", "acme", "--exit-code")
    assert (drift.returncode, drift.stdout) == (0, "clientdb-acme: in sync, 10 resources\n"), drift.stderr
    done = workplace.run("clients", "delete", "acme", *FLEET, "--yes")
    assert (done.returncode, "the name acme is free again" in done.stderr) == (0, True), done.stderr[-3000:]
