from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_cfn.cost import CostedStack, cost_change, curve, estimate
from aurora_cfn.facts.prices import Price, PriceList
from aurora_cfn.model.cost import HOURS, CostLine, Estimate, Usage
from aurora_cfn.template.side import Side, template_of
from aurora_cfn.yamltext import read_template

DOLLARS = {
    "acu_hour": 0.1, "acu_hour_io_optimized": 0.13, "storage_gb_month": 0.1, "storage_gb_month_io_optimized": 0.2,
    "io_million": 0.2, "secret_month": 0.4, "nat_hour": 0.05, "nat_gb": 0.05, "public_ipv4_hour": 0.005,
    "endpoint_hour": 0.01, "endpoint_gb": 0.01, "vpn_association_hour": 0.1, "alarm_month": 0.1, "key_month": 1.0,
    "dashboard_month": 3.0,
    "proxy_acu_hour": 0.015, "proxy_vcpu_hour": 0.015, "instance_hour:db.t4g.micro": 0.02, "gp3_gb_month": 0.1,
}  # fmt: skip
DAY = date(2026, 11, 21)
TEMPLATES = sorted((Path(__file__).parents[2] / "templates").glob("*.yaml"))


def prices(**changed: float | None) -> PriceList:
    dollars = {item: amount for item, amount in {**DOLLARS, **changed}.items() if amount is not None}
    rows = {item: Price(amount, DAY) for item, amount in dollars.items()}
    return PriceList("eu-test-1", rows)


def stack(resources: Mapping[str, Any], key: str = "db", *needs: str, **parameters: str) -> CostedStack:
    template = {"Parameters": {name: {"Type": "String"} for name in parameters}, "Resources": resources}
    return CostedStack(key, Side(template, parameters), frozenset(needs))


def row(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": kind, "Properties": properties}


def cluster(low: Any = 0.5, high: Any = 4, **properties: Any) -> dict[str, Any]:
    scaling = {"MinCapacity": low, "MaxCapacity": high}
    properties = {"Engine": "aurora-postgresql", "ServerlessV2ScalingConfiguration": scaling, **properties}
    return row("AWS::RDS::DBCluster", **properties)


def member(kind: str = "db.serverless") -> dict[str, Any]:
    return row("AWS::RDS::DBInstance", DBClusterIdentifier={"Ref": "C"}, DBInstanceClass=kind)


DROP = object()


def box(**properties: Any) -> dict[str, Any]:
    """An RDS instance with a disk; a property that is DROP is left out."""
    written = {"Engine": "mysql", "DBInstanceClass": "db.t4g.micro", "AllocatedStorage": 20, **properties}
    return row("AWS::RDS::DBInstance", **{name: value for name, value in written.items() if value is not DROP})


def lines(found: Estimate) -> dict[str, tuple[float | None, float | None]]:
    rounded = {line.what: (line.low, line.high) for line in found.lines}
    return {what: (low and round(low, 2), high and round(high, 2)) for what, (low, high) in rounded.items()}


def test_a_cluster_costs_from_its_least_to_its_most() -> None:
    found = estimate([stack({"C": cluster(), "W": member(), "R": member()})], prices())
    assert lines(found) == {"Aurora Serverless v2: 2 instances, 0.5 to 4 ACU": (73.0, 584.0)}
    assert found.complete


def test_a_cluster_that_pauses_can_cost_nothing() -> None:
    paused = cluster(0)
    paused["Properties"]["ServerlessV2ScalingConfiguration"]["SecondsUntilAutoPause"] = "900"
    found = estimate([stack({"C": paused, "W": member()})], prices())
    assert lines(found) == {"Aurora Serverless v2: 1 instance, 0 to 4 ACU, paused after 15 min idle": (0, 292.0)}


def proxy(**target: Any) -> dict[str, Any]:
    return {"P": row("AWS::RDS::DBProxy"), "T": row("AWS::RDS::DBProxyTargetGroup", **target)}


SOURCE_OF = {"SourceDBClusterIdentifier": {"Fn::GetAtt": ["C", "DBClusterArn"]}}
ZERO_ETL = {"SourceArn": {"Fn::GetAtt": ["C", "DBClusterArn"]}}


@pytest.mark.parametrize(
    ("stacks", "why"),
    [
        ([stack({"C": cluster(0), "W": member(), **proxy(DBClusterIdentifiers=[{"Ref": "C"}])})], "its proxy"),
        ([stack({"C": cluster(0), "W": member()}), stack(proxy(), "front", "db")], "the proxy of front"),
        ([stack({"C": cluster(0, GlobalClusterIdentifier="g"), "W": member()})], "it belongs to a global database"),
        (
            [stack({"C": cluster(0), "W": member(), "G": row("AWS::RDS::GlobalCluster", **SOURCE_OF)})],
            "it belongs to a global database",
        ),
        (
            [stack({"C": cluster(0), "W": member(), "I": row("AWS::RDS::Integration", **ZERO_ETL)})],
            "it is the source of a zero-ETL integration",
        ),
        ([stack({"C": cluster(0), "W": member(), "X": member("db.r7g.large")})], "it has an instance that is not"),
    ],
)
def test_what_keeps_a_cluster_awake_is_priced_at_half_an_acu(stacks: list[CostedStack], why: str) -> None:
    (capacity,) = estimate(stacks, prices()).capacities
    assert capacity.awake.startswith(why)
    line = estimate(stacks, prices()).lines[0]
    assert f"never pauses ({why}" in line.what
    assert line.low == pytest.approx(0.5 * 0.1 * HOURS)


def test_capacity_follows_parameters_and_conditions() -> None:
    resources = {"C": cluster({"Ref": "Least"}, {"Ref": "Most"}), "W": member()}
    found = estimate([stack(resources, Least="2", Most="16")], prices())
    assert lines(found) == {"Aurora Serverless v2: 1 instance, 2 to 16 ACU": (146.0, 1168.0)}


def test_an_instance_that_may_not_exist_counts_at_the_most_only() -> None:
    template: dict[str, Any] = {
        "Parameters": {"Wanted": {"Type": "String"}},
        "Conditions": {"Maybe": {"Fn::Equals": [{"Ref": "Wanted"}, "yes"]}},
        "Resources": {"C": cluster(1), "W": member(), "R": {**member(), "Condition": "Maybe"}},
    }
    found = estimate([CostedStack("db", Side(template))], prices())
    assert lines(found) == {"Aurora Serverless v2: 1 to 2 instances, 1 to 4 ACU": (73.0, 584.0)}


def test_an_unknown_price_is_said_and_never_guessed() -> None:
    found = estimate([stack({"C": cluster(), "W": member(), "K": row("AWS::KMS::Key")})], prices(acu_hour=None))
    assert [(line.low, line.high, line.item) for line in found.lines] == [(None, None, "acu_hour"), (1, 1, "key_month")]
    assert not found.complete
    assert (found.low, found.high, curve(found)) == (1.0, 1.0, ())


V1 = row("AWS::RDS::DBCluster", Engine="aurora-mysql", EngineMode="serverless")


@pytest.mark.parametrize(
    ("resources", "what"),
    [
        ([box(DBInstanceClass=DROP)], "an instance of a class that is not known here"),
        ([box(DBInstanceClass={"Fn::ImportValue": "class"})], "an instance of a class that is not known here"),
        ([box(SourceDBInstanceIdentifier="x", AllocatedStorage=DROP)], "a disk of a size that is not known here"),
        ([box(StorageType="io1", Iops=3000)], "3000 IOPS of io1"),
        ([box(StorageType="gp3", Iops=4000)], "4000 IOPS of gp3"),
        ([row("AWS::RDS::DBCluster", Engine="mysql", DBClusterInstanceClass="db.r7g.large")],
         "Multi-AZ DB cluster of db.r7g.large with its disks"),
        ([V1], "Aurora Serverless v1"),
        ([row("AWS::RDS::DBCluster", Engine={"Fn::ImportValue": "engine"})],
         "a cluster of an engine that is not known here"),
        ([cluster({"Fn::ImportValue": "low"}), member()], "Aurora Serverless v2, of a capacity that is not known here"),
        ([box(DBInstanceClass="db.serverless", DBClusterIdentifier={"Fn::ImportValue": "cluster"})],
         "db.serverless, in a cluster that is not in this stack"),
        ([row("AWS::CloudWatch::Alarm", MetricName="x", Period=10)], "high-resolution alarm"),
    ],
)  # fmt: skip
def test_what_costs_an_unknown_amount_is_said(resources: list[dict[str, Any]], what: str) -> None:
    found = estimate([stack(dict(zip("CX", resources, strict=False)))], prices())
    assert lines(found)[what] == (None, None)
    assert not found.complete


@pytest.mark.parametrize("properties", [{"StorageType": "gp3", "Iops": 3000}, {"Iops": 12000, "AllocatedStorage": 400}])
def test_the_rate_that_is_in_the_price_of_a_disk_is_no_line(properties: dict[str, Any]) -> None:
    found = estimate([stack({"X": box(**{"StorageType": "gp3", **properties})})], prices())
    assert not any("IOPS" in what for what in lines(found))


def test_the_types_of_sam_cost_what_they_become() -> None:
    found = estimate(
        [stack({"F": row("AWS::Serverless::Function"), "T": row("AWS::Serverless::SimpleTable")})], prices()
    )
    assert [use.unit for use in found.uses] == ["requests and GB-seconds"]
    assert dict(found.unpriced) == {"AWS::Serverless::SimpleTable": 1}


def test_an_unknown_type_is_said() -> None:
    found = estimate([stack({"A": row("AWS::Redshift::Cluster"), "B": row("AWS::Redshift::Cluster")})], prices())
    assert dict(found.unpriced) == {"AWS::Redshift::Cluster": 2}
    assert not found.complete


@pytest.mark.parametrize(
    ("resource", "what", "amount"),
    [
        (row("AWS::EC2::NatGateway"), "NAT gateway", 36.5),
        (row("AWS::EC2::EIP"), "public IPv4 address", 3.65),
        (row("AWS::EC2::VPCEndpoint", VpcEndpointType="Interface", SubnetIds=["a", "b"],
             ServiceName="com.amazonaws.eu-test-1.rds-data"), "interface endpoint rds-data: 2 subnets", 14.6),
        (row("AWS::EC2::ClientVpnTargetNetworkAssociation"), "Client VPN, one subnet", 73.0),
        (row("AWS::CloudWatch::Alarm", MetricName="x"), "CloudWatch alarm", 0.1),
        (row("AWS::CloudWatch::Alarm", Metrics=[{"MetricStat": {}}, {"MetricStat": {}}, {"Expression": "a"}]),
         "CloudWatch alarm", 0.2),
        (row("AWS::SecretsManager::Secret"), "secret", 0.4),
        (row("AWS::SecretsManager::Secret", ReplicaRegions=[{"Region": "x"}, {"Region": "y"}]), "secret", 1.2),
        (row("AWS::RDS::DBInstance", Engine="postgres", DBInstanceClass="db.t4g.micro", MultiAZ=True),
         "db.t4g.micro, two Availability Zones", 29.2),
        (row("AWS::RDS::DBInstance", Engine="Postgres", DBInstanceClass="db.t4g.micro"), "db.t4g.micro", 14.6),
    ],
)  # fmt: skip
def test_what_stands_around(resource: dict[str, Any], what: str, amount: float) -> None:
    assert lines(estimate([stack({"X": resource})], prices()))[what] == (amount, amount)


def test_a_gateway_endpoint_is_free() -> None:
    found = estimate([stack({"X": row("AWS::EC2::VPCEndpoint", VpcEndpointType="Gateway")})], prices())
    assert (found.lines, found.uses, found.complete) == ((), (), True)


def test_equal_lines_are_added_up() -> None:
    found = estimate([stack({"A": row("AWS::EC2::NatGateway"), "B": row("AWS::EC2::NatGateway")})], prices())
    assert lines(found) == {"2 x NAT gateway": (73.0, 73.0)}


@pytest.mark.parametrize(
    ("database", "what", "low", "high"),
    [
        ({"C": cluster(0.5, 4), "W": member()}, "RDS Proxy: 8 ACU", 87.6, 87.6),
        ({"C": cluster(2, 16), "W": member()}, "RDS Proxy: 8 to 16 ACU", 87.6, 175.2),
        ({"I": row("AWS::RDS::DBInstance", Engine="postgres", DBInstanceClass="db.t4g.micro")},
         "RDS Proxy: 2 vCPU", 21.9, 21.9),
    ],
)  # fmt: skip
def test_a_proxy_costs_by_its_database(database: dict[str, Any], what: str, low: float, high: float) -> None:
    found = estimate([stack(database), stack(proxy(), "front", "db")], prices(), only={"front"})
    assert lines(found) == {what: (low, high)}


def test_a_proxy_before_an_unknown_database_is_unknown() -> None:
    (line,) = estimate([stack(proxy(), "front")], prices()).lines
    assert (line.high, line.what) == (None, "RDS Proxy, before a database that is not known here")


def test_usage_that_is_given_is_added() -> None:
    resources = {"C": cluster(), "W": member()}
    found = lines(estimate([stack(resources)], prices(), Usage(storage_gb=50, io_millions=10)))
    assert (found["storage: 50"], found["I/O: 10"]) == ((5.0, 5.0), (2.0, 2.0))


def test_io_optimized_has_its_own_prices_and_no_io() -> None:
    resources = {"C": cluster(1, 1, StorageType="aurora-iopt1"), "W": member()}
    found = estimate([stack(resources)], prices(), Usage(50, 10))
    assert list(lines(found).values()) == [(94.9, 94.9), (10.0, 10.0)]
    assert found.notes == (
        "db: I/O-Optimized is chosen; it is cheaper from 134 million I/O a month at minimum capacity with 50 GB,"
        " from 134 million at maximum capacity",
    )


def test_at_the_break_even_both_cost_the_same() -> None:
    even = (0.13 - 0.1) * 2 * HOURS / 0.2
    standard = estimate([stack({"C": cluster(2, 2), "W": member()})], prices(), Usage(0, even))
    optimized = estimate([stack({"C": cluster(2, 2, StorageType="aurora-iopt1"), "W": member()})], prices(), Usage(0))
    assert standard.high == pytest.approx(optimized.high)
    assert f"from {even:,.0f} million" in standard.notes[0]


def test_the_curve_counts_the_wait_for_the_pause() -> None:
    paused = cluster(0, 4)
    paused["Properties"]["ServerlessV2ScalingConfiguration"]["SecondsUntilAutoPause"] = 7200
    points = curve(estimate([stack({"C": paused, "W": member(), "K": row("AWS::KMS::Key")})], prices()))
    a_day_for_a_month = 0.1 * HOURS / 24
    assert [points[0].low, points[0].high] == pytest.approx([1.0, 1.0])
    assert points[8].low == pytest.approx(1 + a_day_for_a_month * (8 + 2) * 0.5)
    assert points[8].high == pytest.approx(1 + a_day_for_a_month * (8 * 4 + 2 * 0.5))
    assert points[23].low == pytest.approx(1 + a_day_for_a_month * 24 * 0.5)


@given(
    st.sampled_from([0, 0.5, 2]), st.sampled_from([2, 8, 64]), st.integers(0, 2), st.sampled_from([300, 3600, 86400])
)
def test_the_curve_rises_and_ends_at_the_most(low: float, high: float, readers: int, seconds: int) -> None:
    resources = {"C": cluster(low, high), "W": member(), **{f"R{number}": member() for number in range(readers)}}
    resources["C"]["Properties"]["ServerlessV2ScalingConfiguration"]["SecondsUntilAutoPause"] = seconds
    found = estimate([stack(resources)], prices())
    points = curve(found)
    assert points[0].low == pytest.approx(found.low)
    assert points[-1].high == pytest.approx(found.high)
    for before, after in pairwise(points):
        assert before.low <= after.low + 1e-6
        assert before.high <= after.high + 1e-6
    assert all(point.low <= point.high + 1e-6 for point in points)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_every_shipped_template_is_known_through_and_through(path: Path) -> None:
    template = template_of(read_template(path.read_text(), str(path)), str(path))
    found = estimate([CostedStack(path.stem, Side(template, region="us-east-1"))], prices())
    assert dict(found.unpriced) == {}


def test_a_change_pairs_lines_by_what_they_are() -> None:
    before = [stack({"C": cluster(0.5, 2), "W": member(), "N": row("AWS::EC2::NatGateway")})]
    after = [stack({"C": cluster(0.5, 8), "W": member(), "K": row("AWS::KMS::Key")})]
    change = cost_change(before, after, prices())
    shown = [(old and old.what, new and new.what) for old, new in change.lines]
    assert shown == [
        ("Aurora Serverless v2: 1 instance, 0.5 to 2 ACU", "Aurora Serverless v2: 1 instance, 0.5 to 8 ACU"),
        (None, "KMS key"),
        ("NAT gateway", None),
    ]


def test_no_change_moves_nothing() -> None:
    side = [stack({"C": cluster(), "W": member()})]
    assert cost_change(side, side, prices()).lines == ()


def test_a_line_knows_the_day_of_its_price() -> None:
    found = estimate([stack({"K": row("AWS::KMS::Key")})], prices())
    assert found.oldest == DAY
    assert estimate([], prices()) == Estimate("eu-test-1")
    assert isinstance(found.lines[0], CostLine)
