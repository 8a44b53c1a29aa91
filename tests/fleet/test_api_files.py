"""What deploy uploads for the function of databases-api."""

from __future__ import annotations

import json
from dataclasses import replace

from aurora_cfn.fleet.api_files import ApiFiles, api_files
from aurora_cfn.fleet.client_entry import version_of
from aurora_cfn.handlers.fleet_settings import document_from
from aurora_cfn.model.environment import (
    Environment,
    EnvironmentStack,
    Fleet,
    ListRef,
    OutputRef,
    StackRef,
)
from aurora_cfn.model.ownership import Ownership
from tests.blueprints.known import KNOWN

POSTGRES = KNOWN["aurora-serverless-postgres"]
API = EnvironmentStack("api", "api-prod", "databases-api", {}, line=4)
NETWORK = EnvironmentStack("network", "network-prod", "network", {}, line=3)
FLEET = Fleet(
    "clientdb", "aurora-serverless-postgres", ("eu-west-1", "eu-central-1"),
    {"NetworkStackName": StackRef("network"), "MaxCapacity": "4",
     "AllowedSecurityGroupIds": ListRef(("sg-1", OutputRef("network", "Group")))},
    max_clients_per_region=20, lines={"MaxCapacity": 12},
)  # fmt: skip
ENVIRONMENT = Environment(
    "prod", "params/prod.yaml", "eu-west-1", stacks=(NETWORK, API), fleet=FLEET, tags={"Team": "a"}
)
OWNER = Ownership("shop", "prod").tags


def made() -> ApiFiles:
    return api_files(ENVIRONMENT, POSTGRES, "the text", OWNER)


def test_the_function_gets_the_fleet_and_finds_its_files() -> None:
    found = made()
    version = version_of(FLEET, "the text")
    key = found.parameters["FleetKey"]
    assert found.parameters == {
        "FleetName": "clientdb", "FleetRegions": "eu-west-1,eu-central-1", "FleetKey": key, "MaxClientsPerRegion": "20",
    }  # fmt: skip
    assert found.files.keys() == {key, f"aurora-cfn/fleet/clientdb/{version}.yaml"}
    document = document_from(json.loads(found.files[key]))
    assert (document.version, document.environment, document.claims_region) == (version, "prod", "eu-west-1")
    assert document.tags == {"Team": "a", **OWNER}
    assert document.parameters == {
        "NetworkStackName": ["network-prod"], "MaxCapacity": ["4"],
        "AllowedSecurityGroupIds": ["sg-1", {"stack": "network-prod", "output": "Group"}],
    }  # fmt: skip
    assert {"DBClusters": 1, "ManualClusterSnapshots": 1}.items() <= document.needs.items()
    assert {"ClusterName", "EnvironmentName", "MaxCapacity"} <= set(document.declared)


def test_other_contents_have_another_key() -> None:
    one, tagged = made(), api_files(replace(ENVIRONMENT, tags={}), POSTGRES, "the text", OWNER)
    other = api_files(ENVIRONMENT, POSTGRES, "another text", OWNER)
    assert len({row.parameters["FleetKey"] for row in (one, tagged, other)}) == 3
    assert made() == one
