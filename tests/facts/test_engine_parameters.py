"""Which engine parameters wait for a reboot, by engine and version."""

from __future__ import annotations

import pytest

from aurora_cfn.facts import read_facts
from aurora_cfn.facts.engine_parameters import cluster_parameters, is_static
from aurora_cfn.facts.offered import EngineOffer, FamilyParameters, Offered


@pytest.mark.parametrize(
    ("name", "family", "static"),
    [
        ("max_connections", "aurora-postgresql17", True),
        ("max_connections", "postgres16", True),
        ("max_connections", "aurora-mysql8.0", False),
        ("max_connections", "mysql8.4", False),
        ("max_connections", "mariadb11.4", False),
        ("max_connections", "", None),
        ("max_connections", "oracle-ee-19", None),
        ("autovacuum_max_workers", "aurora-postgresql17", True),
        ("autovacuum_max_workers", "aurora-postgresql18", False),
        ("autovacuum_worker_slots", "aurora-postgresql18", True),
        ("shared_buffers", "aurora-postgresql17", True),
        ("shared_buffers", "", True),
        ("rds.logical_replication", "aurora-postgresql17", True),
        ("binlog_format", "aurora-mysql8.0", True),
        ("binlog_format", "", True),
        ("innodb_read_io_threads", "aurora-mysql8.0", True),
        ("innodb_buffer_pool_size", "aurora-mysql8.0", None),
        ("work_mem", "aurora-postgresql17", None),
        ("rds.force_ssl", "aurora-postgresql17", None),
    ],
)
def test_a_parameter_waits_for_a_reboot_in_some_engines_only(name: str, family: str, static: bool | None) -> None:
    assert is_static(name, family) is static


def test_what_is_dynamic_from_the_first_version_on_is_not_listed_as_static_too() -> None:
    facts = read_facts("static_parameters")
    for engine, names in facts["dynamic"].items():
        assert not [name for name, since in names.items() if since == 0 and name in facts["static"][engine]]


OFFERED = Offered(
    engines={
        "aurora-postgresql": EngineOffer(
            "aurora-postgresql",
            {},
            {},
            {"aurora-postgresql17": FamilyParameters({"ssl": True, "max_connections": False}, {"work_mem": False})},
        )
    }
)


@pytest.mark.parametrize(
    ("name", "family", "static"),
    [
        ("max_connections", "aurora-postgresql17", False),
        ("ssl", "aurora-postgresql17", True),
        ("work_mem", "aurora-postgresql17", False),
        ("shared_buffers", "aurora-postgresql17", True),
        ("max_connections", "aurora-postgresql16", True),
    ],
)
def test_what_rds_says_of_a_family_counts_before_the_facts(name: str, family: str, static: bool) -> None:
    assert is_static(name, family, OFFERED) is static


def test_the_parameters_of_a_cluster_alone_are_those_that_its_instances_do_not_have() -> None:
    parameters = FamilyParameters({"ssl": True, "work_mem": False}, {"work_mem": False})
    offered = Offered(engines={"x": EngineOffer("x", {}, {}, {"aurora-postgresql17": parameters})})
    assert cluster_parameters("aurora-postgresql17", offered) == {"ssl"}
    assert "rds.force_ssl" in cluster_parameters("aurora-postgresql16", offered)
    assert cluster_parameters("postgres17", offered) == frozenset()
