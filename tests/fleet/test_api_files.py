"""What deploy uploads for the function of databases-api, and what it refuses."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from aurora_cfn.blueprints import BY_NAME
from aurora_cfn.errors import InputError
from aurora_cfn.fleet.api_files import ALLOWED, ApiFiles, api_files, is_api
from aurora_cfn.fleet.client_entry import version_of
from aurora_cfn.handlers.fleet_settings import document_from
from aurora_cfn.model.environment import (
    Environment,
    EnvironmentStack,
    EnvRef,
    Fleet,
    ListRef,
    OutputRef,
    Pool,
    SsmRef,
    StackRef,
)
from aurora_cfn.model.ownership import Ownership
from aurora_cfn.render import summaries
from aurora_cfn.template.summary import TemplateSummary, summary_of

KNOWN = summaries(BY_NAME.values())
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


def made(fleet: Fleet = FLEET, template: TemplateSummary = POSTGRES, stack: EnvironmentStack = API) -> ApiFiles:
    return api_files(replace(ENVIRONMENT, fleet=fleet), stack, template, "the text", OWNER)


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
    one, tagged = made(), api_files(replace(ENVIRONMENT, tags={}), API, POSTGRES, "the text", OWNER)
    other = api_files(ENVIRONMENT, API, POSTGRES, "another text", OWNER)
    assert len({row.parameters["FleetKey"] for row in (one, tagged, other)}) == 3
    assert made() == one


def template(kind: str = "AWS::RDS::DBCluster", **attributes: Any) -> TemplateSummary:
    return summary_of("own", {"Resources": {"Data": {"Type": kind, "Properties": {}, **attributes}}})


KEPT = template(DeletionPolicy="Snapshot")


@pytest.mark.parametrize(
    ("fleet", "of", "words"),
    [
        (replace(FLEET, defaults={"MaxCapacity": SsmRef("/a")}), POSTGRES, r"yaml:12: fleet\.defaults\.MaxCap.*ssm"),
        (replace(FLEET, defaults={"MaxCapacity": EnvRef("A")}), POSTGRES, r"\{env:\}"),
        (FLEET, KNOWN["dsql-api"], "need uploaded files"),
        (FLEET, KNOWN["dsql"], "does not allow AWS::DSQL::Cluster"),
        (FLEET, template(), "Data of the template own would be deleted with its data"),
        (FLEET, template("AWS::RDS::DBInstance"), "would be deleted"),
        (FLEET, template("AWS::RDS::DBInstance", Properties={"DBClusterIdentifier": "c"}), ""),
        (FLEET, KEPT, ""),
    ],
)  # fmt: skip
def test_what_the_api_cannot_do_is_refused_before_anything_is_uploaded(
    fleet: Fleet, of: TemplateSummary, words: str
) -> None:
    if not words:
        assert made(fleet, of)
        return
    with pytest.raises(InputError, match=words):
        made(fleet, of)


def test_a_role_of_ones_own_may_allow_other_types() -> None:
    assert made(template=KNOWN["dsql"], stack=replace(API, parameters={"ClientRoleArn": "arn:aws:iam::1:role/x"}))


def test_without_a_fleet_there_is_no_api() -> None:
    with pytest.raises(InputError, match=r"prod\.yaml:4: stacks\.api: .*needs the section `fleet`"):
        api_files(replace(ENVIRONMENT, fleet=None), API, POSTGRES, "", OWNER)


def test_clients_without_stacks_of_their_own_have_no_api() -> None:
    with pytest.raises(InputError, match="a pool or accounts"):
        made(replace(FLEET, template="", pool=Pool("database")))


def test_one_template_is_an_api() -> None:
    assert [name for name, row in KNOWN.items() if is_api(row)] == ["databases-api"]


@pytest.mark.parametrize("name", ["aurora-serverless-postgres", "aurora-serverless-mysql"])
def test_the_role_of_the_template_allows_what_these_templates_make(name: str) -> None:
    rows: Any = KNOWN[name].template["Resources"]
    assert all(row["Type"].startswith(ALLOWED) for row in rows.values() if "Condition" not in row)
