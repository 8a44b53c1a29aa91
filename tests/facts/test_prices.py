from __future__ import annotations

from datetime import date

import pytest

from aurora_cfn.facts import read_facts
from aurora_cfn.facts.prices import is_free, kept_text, price_items, price_list, price_rows, priced_regions, used_by

RAW = read_facts("prices")


@pytest.mark.parametrize("region", priced_regions())
def test_every_price_has_a_unit_and_a_day(region: str) -> None:
    for item, price in price_list(region).prices.items():
        assert 0 < price.dollars < 100
        assert price_items()[item]
        assert date(2026, 1, 1) <= price.day <= date.fromisoformat(RAW["read"])


def test_every_source_is_used() -> None:
    rows = [*RAW["everywhere"].values(), *(row for region in RAW["regions"].values() for row in region.values())]
    assert {source for _, source in rows} == set(RAW["sources"])
    assert all(len(source["what"]) > 20 for source in RAW["sources"].values())


def test_an_unknown_region_knows_only_what_costs_the_same_everywhere() -> None:
    assert set(price_list("xx-nowhere-1").prices) == set(RAW["everywhere"])
    assert price_list("xx-nowhere-1").get("acu_hour") is None


def test_a_given_price_comes_first_and_an_unknown_item_is_refused() -> None:
    mine = price_list("us-east-1").with_prices({"acu_hour": 0.1}, date(2026, 11, 21)).get("acu_hour")
    assert mine
    assert (mine.dollars, mine.day) == (0.1, date(2026, 11, 21))
    with pytest.raises(KeyError):
        price_list("us-east-1").with_prices({"beer": 1.0}, date(2026, 11, 21))


def test_kept_prices_come_before_those_of_the_program() -> None:
    kept = kept_text("eu-west-1", {"acu_hour": 0.15, "beer": 3.0}, date(2026, 11, 21))
    found = price_list("eu-west-1", kept)
    acu = found.get("acu_hour")
    assert acu
    assert (acu.dollars, acu.day) == (0.15, date(2026, 11, 21))
    assert found.get("beer") is None
    assert found.get("storage_gb_month") == price_list("eu-west-1").get("storage_gb_month")


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"read": "today", "prices": {}}', '{"read": "2026-11-21"}'])
def test_kept_prices_of_another_shape_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="these are no kept prices"):
        price_list("eu-west-1", text)


def test_every_item_that_can_be_looked_up_has_a_unit() -> None:
    assert set(price_rows()) <= set(price_items())


@pytest.mark.parametrize(
    ("kind", "free", "use"),
    [
        ("AWS::IAM::Role", True, None),
        ("AWS::EC2::Route", True, None),
        ("AWS::EC2::RouteServer", False, None),
        ("AWS::ElasticLoadBalancingV2::Listener", True, None),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", False, None),
        ("AWS::ECS::TaskDefinition", True, None),
        ("AWS::ECS::Service", False, None),
        ("AWS::EC2::VPCEndpoint", False, None),
        ("AWS::Lambda::Function", False, "requests and GB-seconds"),
        ("AWS::Redshift::Cluster", False, None),
    ],
)
def test_types_that_cost_nothing_or_by_use(kind: str, free: bool, use: str | None) -> None:
    assert (is_free(kind), used_by(kind)) == (free, use)
