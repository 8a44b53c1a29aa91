"""Where a new cluster's data come from: which properties are sent, which combinations are refused, what is harmless."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.blueprints import BY_NAME
from aurora_cfn.environment import load
from aurora_cfn.errors import InputError
from aurora_cfn.render import render
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.resources import resources
from aurora_cfn.template.side import Side, template_of
from aurora_cfn.yamltext import read_template
from tests.blueprints.known import KNOWN

ENGINES = ("aurora-serverless-mysql", "aurora-serverless-postgres")
BACKUPS = "SourceDbClusterResourceId"
SOURCES = (
    "SnapshotIdentifier", "SourceDBClusterIdentifier", BACKUPS, "RestoreType", "RestoreToTime",
    "UseLatestRestorableTime",
)  # fmt: skip
NAMES = ("MasterUsername", "DatabaseName")
OWN_SECRET = ("MasterUsername", "MasterUserPassword")
TIME = "2026-11-28T13:55:00Z"


def cluster(name: str, **values: str) -> dict[str, Any]:
    """The properties of the cluster that CloudFormation would send."""
    defaults = {row.name: row.default_text or "" for row in BY_NAME[name].parameters}
    side = Side(template_of(read_template(render(BY_NAME[name]), name), name), defaults | values)
    found = resources(Evaluator(side))["DBCluster"].properties
    return dict(found)


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize(
    ("values", "sent"),
    [
        ({}, {}),
        # Alone it says nothing.
        ({"RestoreType": "copy-on-write"}, {}),
        ({"SnapshotIdentifier": "s"}, {"SnapshotIdentifier": "s"}),
        (
            {"SourceDBClusterIdentifier": "c", "RestoreType": "copy-on-write"},
            {"SourceDBClusterIdentifier": "c", "RestoreType": "copy-on-write", "UseLatestRestorableTime": "true"},
        ),
        (
            {"SourceDBClusterIdentifier": "c", "RestoreToTime": TIME},
            {"SourceDBClusterIdentifier": "c", "RestoreType": "full-copy", "RestoreToTime": TIME},
        ),
        ({BACKUPS: "i"}, {BACKUPS: "i", "RestoreType": "full-copy", "UseLatestRestorableTime": "true"}),
        ({BACKUPS: "i", "RestoreToTime": TIME}, {BACKUPS: "i", "RestoreType": "full-copy", "RestoreToTime": TIME}),
    ],
)
def test_what_is_sent(name: str, values: dict[str, str], sent: dict[str, Any]) -> None:
    found = cluster(name, **values)
    assert {key: found[key] for key in SOURCES if key in found} == sent
    # The master user and the database come with the data.
    assert [key for key in NAMES if key in found] == ([] if sent else list(NAMES))
    assert found["ManageMasterUserPassword"] in (True, "true")


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize(
    ("values", "sent"),
    [({}, "false"), ({"DeleteAutomatedBackups": "true"}, None), ({"DeletionProtection": "false"}, "false")],
)
def test_backups_are_kept_unless_the_params_file_says_otherwise(
    name: str, values: dict[str, str], sent: str | None
) -> None:
    """RDS refuses `true` beside backups of AWS Backup, so nothing is sent in its place."""
    assert cluster(name, **values).get("DeleteAutomatedBackups") == sent


@pytest.mark.parametrize("name", ENGINES)
def test_a_password_is_sent_only_together_with_its_user(name: str) -> None:
    new, restored = cluster(name, DBMaster="boss"), cluster(name, DBMaster="boss", SnapshotIdentifier="s")
    assert [key for key in OWN_SECRET if key in new] == list(OWN_SECRET)
    assert [key for key in (*OWN_SECRET, "ManageMasterUserPassword") if key in restored] == []


ID = "cluster-ABCDEFGHIJKLMNOP"
PARAMS = """\
region: eu-west-1
stacks:
  db:
    template: aurora-serverless-postgres
    parameters:
"""


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"SnapshotIdentifier": "s"}, ""),
        ({"SourceDBClusterIdentifier": "c", "RestoreToTime": TIME}, ""),
        ({BACKUPS: ID}, ""),
        ({BACKUPS: ID, "RestoreToTime": TIME}, ""),
        ({BACKUPS: "rds-1"}, "empty, or cluster- and the id of a cluster"),
        ({BACKUPS: ID, "RestoreType": "copy-on-write"}, "a deleted cluster has no storage to share"),
        ({BACKUPS: ID, "SecretName": "n"}, "SecretName is for a cluster that starts empty"),
        ({"SnapshotIdentifier": "s", BACKUPS: ID}, "leave the others empty"),
        ({"SourceDBClusterIdentifier": "c", BACKUPS: ID}, "leave the others empty"),
        ({"SnapshotIdentifier": "s", "SourceDBClusterIdentifier": "c"}, "leave the others empty"),
        ({"RestoreToTime": TIME}, "RestoreToTime needs SourceDbClusterResourceId, or"),
        (
            {"SourceDBClusterIdentifier": "c", "RestoreToTime": TIME, "RestoreType": "copy-on-write"},
            "RestoreToTime needs SourceDbClusterResourceId, or",
        ),
    ],
)
def test_combinations_are_refused_offline(values: dict[str, str], said: str) -> None:
    text = PARAMS + "".join(f'      {key}: "{value}"\n' for key, value in values.items())
    if not said:
        load(text, "params/dev.yaml", "dev", KNOWN)
        return
    with pytest.raises(InputError, match=said):
        load(text, "params/dev.yaml", "dev", KNOWN)
