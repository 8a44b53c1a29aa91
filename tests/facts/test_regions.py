"""Regions: their partitions as AWS's SDK has them, and names that are nearly right."""

from __future__ import annotations

import re

import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_cfn.facts import read_facts
from aurora_cfn.facts.regions import (
    PATTERN,
    certificate_bundle,
    is_misspelled,
    known_regions,
    meant,
    partition,
    pseudo_parameters,
)


def test_the_partitions_are_those_of_the_sdk() -> None:
    partitions = botocore.session.get_session().get_component("data_loader").load_data("partitions")["partitions"]
    facts = read_facts("regions")["partitions"]
    assert {row["id"]: row["outputs"]["dnsSuffix"] for row in partitions} == {
        name: row["suffix"] for name, row in facts.items()
    }
    for row in partitions:
        regions = {name for name in row["regions"] if re.fullmatch(PATTERN, name)}
        # A newer SDK may know more regions; one that it does not know any more is an error here.
        assert set(facts[row["id"]]["regions"]) <= regions
        assert {partition(name) for name in regions} == {row["id"]}


@pytest.mark.parametrize("region", known_regions())
def test_a_known_region_is_spelled_well(region: str) -> None:
    assert re.fullmatch(PATTERN, region)
    assert meant(region) == region
    assert not is_misspelled(region)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("eu-wst-1", "eu-west-1"), ("eu-wets-1", "eu-west-1"), ("eu-west1", "eu-west-1"), ("EU-WEST-1", "eu-west-1"),
        ("eu_west_1", "eu-west-1"), ("ap-southest-2", "ap-southeast-2"), ("cn-nort-1", "cn-north-1"),
        ("eu-west-1a", "eu-west-1"),
    ],
)  # fmt: skip
def test_a_misspelled_one_was_meant_to_be(name: str, near: str) -> None:
    assert meant(name) == near
    assert is_misspelled(name) or not re.fullmatch(PATTERN, name)


@pytest.mark.parametrize("name", ["eu-west-9", "mx-west-1", "nz-north-1", "us-central-1", "eusc-fr-west-1", "q-r-s"])
def test_a_region_may_be_newer_than_the_facts(name: str) -> None:
    assert not is_misspelled(name)


@given(st.text(max_size=40))
def test_any_text_can_be_looked_at(name: str) -> None:
    assert meant(name) in {"", *known_regions()}
    assert not (is_misspelled(name) and name in known_regions())
    assert partition(name) in read_facts("regions")["partitions"]


@pytest.mark.parametrize(
    ("region", "name", "suffix", "bundle"),
    [
        ("eu-west-1", "aws", "amazonaws.com", "truststore.pki.rds.amazonaws.com"),
        ("xx-east-1", "aws", "amazonaws.com", "truststore.pki.rds.amazonaws.com"),
        ("cn-northwest-1", "aws-cn", "amazonaws.com.cn", "rds-truststore.s3.cn-north-1.amazonaws.com.cn"),
        ("us-gov-east-1", "aws-us-gov", "amazonaws.com", "truststore.pki.us-gov-west-1.rds.amazonaws.com"),
        ("us-iso-east-1", "aws-iso", "c2s.ic.gov", None),
        ("eusc-de-east-1", "aws-eusc", "amazonaws.eu", None),
    ],
)
def test_what_follows_from_a_region(region: str, name: str, suffix: str, bundle: str | None) -> None:
    assert pseudo_parameters(region) == {"AWS::Region": region, "AWS::Partition": name, "AWS::URLSuffix": suffix}
    found = certificate_bundle(region)
    assert (found.split("/")[2] if found else None) == bundle


@pytest.mark.parametrize(
    ("name", "near"),
    [
        # 8 characters of 8 and 12 in common: a ratio of exactly 0.8.
        ("il-centr", "il-central-1"),
        # 10 of 10 and 16: 0.77.
        ("af-south-1-eastx", ""),
    ],
)
def test_a_name_is_near_from_a_ratio_of_four_fifths_on(name: str, near: str) -> None:
    assert meant(name) == near
