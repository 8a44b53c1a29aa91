"""Claims beside stacks: what is listed with how many calls, who gets a name, and which stacks are left alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from aurora_cfn.errors import AuroraCfnError, AwsError, InputError
from aurora_cfn.fleet.client_state import client_state
from aurora_cfn.model.fleet_client import FLEET
from aurora_cfn.model.ownership import ENVIRONMENT
from aurora_cfn.ports.fleet import RegionPorts
from tests.fleet.toys import FakeClaims, Regions, client_stack, directory

HERE, THERE = "eu-west-1", "eu-central-1"


def claims(**regions: str) -> FakeClaims:
    return FakeClaims({f"/aurora-cfn/fleet/clientdb/{name}": region for name, region in regions.items()})


def test_claims_and_stacks_are_listed_together_with_one_walk_a_region() -> None:
    foreign = replace(client_stack("other", HERE), tags={FLEET: "clientdb", ENVIRONMENT: "fleet"})
    regions = Regions(
        {
            HERE: [client_stack("acme", HERE), client_stack("lost", HERE), foreign],
            THERE: [client_stack("globex", THERE), client_stack("twice", THERE)],
        }
    )
    found = directory(claims(acme=HERE, globex=THERE, killed=HERE, twice=HERE), regions).clients()
    assert [(row.name, row.region, client_state(row)) for row in found] == [
        ("acme", HERE, "ready"),
        ("globex", THERE, "ready"),
        ("killed", HERE, "claimed"),
        ("lost", HERE, "unclaimed"),
        ("twice", THERE, "elsewhere"),
        ("twice", HERE, "claimed"),
    ]
    assert sorted(regions.calls) == [f"DescribeStacks {THERE}", f"DescribeStacks {HERE}"]


def test_one_region_alone_is_read_when_it_is_asked_for() -> None:
    regions = Regions({HERE: [client_stack("acme", HERE)], THERE: [client_stack("globex", THERE)]})
    found = directory(claims(acme=HERE, globex=THERE, killed=THERE), regions).clients(HERE)
    assert ([row.name for row in found], regions.calls) == (["acme"], [f"DescribeStacks {HERE}"])


def test_a_claim_in_a_region_that_left_the_params_file_is_shown() -> None:
    (found,) = directory(claims(acme="us-east-1")).clients()
    assert (found.region, client_state(found)) == ("us-east-1", "claimed")


def test_a_region_that_cannot_be_read_is_named() -> None:
    class Broken:
        def root_stacks(self) -> list[object]:
            raise AwsError("DescribeStacks: not authorized (AccessDenied)", code="AccessDenied")

    def regions(region: str) -> RegionPorts:
        ports = Regions()(region)
        return replace(ports, stacks=Broken()) if region == THERE else ports  # type: ignore[arg-type] # lists only

    with pytest.raises(AwsError, match=f"{THERE}: DescribeStacks: not authorized"):
        replace(directory(), regions=regions).clients()


@pytest.mark.parametrize(("there", "free"), [(None, True), (HERE, False)])
def test_a_name_is_claimed_once_and_its_own_claim_is_taken_up_again(there: str | None, free: bool) -> None:
    made = directory(claims(acme=there) if there else claims())
    assert made.claim("acme", HERE) is free


def test_a_name_in_another_region_is_refused() -> None:
    with pytest.raises(InputError, match=f"acme has its database in {THERE}, so none is created in {HERE}"):
        directory(claims(acme=THERE)).claim("acme", HERE)


def test_of_twenty_threads_that_claim_one_name_one_wins() -> None:
    made = directory()

    def attempt(number: int) -> bool | None:
        try:
            return made.claim("acme", f"eu-west-{number}")
        except AuroraCfnError:
            return None

    with ThreadPoolExecutor(20) as pool:
        assert sorted(map(str, pool.map(attempt, range(20)))) == ["None"] * 19 + ["True"]


def test_a_client_is_read_with_two_calls() -> None:
    regions, claimed = Regions({THERE: [client_stack("acme", THERE)]}), claims(acme=THERE)
    found = directory(claimed, regions).client("acme")
    assert (client_state(found), found.region) == ("ready", THERE)
    assert (claimed.calls, regions.calls) == (["GetParameters"], ["DescribeStacks clientdb-acme"])
    with pytest.raises(InputError, match="the fleet clientdb has no client globex"):
        directory(claimed, regions).client("globex")


@pytest.mark.parametrize("tags", [{}, {FLEET: "clientdb"}])
def test_a_stack_of_that_name_without_all_tags_is_not_taken(tags: dict[str, str]) -> None:
    regions = Regions({HERE: [replace(client_stack("acme", HERE), tags=tags)]})
    with pytest.raises(InputError, match="clientdb-acme in eu-west-1 is not a client's stack of the fleet clientdb"):
        directory(regions=regions).stack("acme", HERE)


def test_a_released_name_is_free_again() -> None:
    made = directory(claims(acme=HERE))
    assert made.release("acme", made.held("acme"))
    assert made.claim("acme", THERE)


def test_of_two_deletions_the_second_does_not_free_what_a_create_took_in_between() -> None:
    made = directory(claims(acme=HERE))
    first, second = made.held("acme"), made.held("acme")
    assert made.release("acme", first)
    assert not made.release("acme", second)
    assert made.claim("acme", HERE)
    assert not made.release("acme", second)
    assert made.client("acme").claimed == HERE
    assert not made.release("globex", made.held("globex"))
