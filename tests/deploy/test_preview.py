"""What a stack cannot be shown without yet, in words."""

from __future__ import annotations

import pytest

from aurora_cfn.deploy.preview import missing_prerequisites, preview_from_template
from aurora_cfn.model.environment import OutputRef, StackRef
from aurora_cfn.model.plan import DesiredStack
from aurora_cfn.model.stack import Output, Stack
from tests.deploy.toys import TEMPLATE, FakeRun, entry, stack

WANTED = DesiredStack(
    entry("api", {"Host": OutputRef("db", "Name"), "Size": OutputRef("db", "Size"), "Net": StackRef("net")}),
    "params/dev.yaml",
    TEMPLATE,
)
DB, NET = stack("db"), stack("net")
OTHER = stack("db", TEMPLATE.replace("  Size:\n    Value", "  Sice:\n    Value"))


def there(key: str, *outputs: str, status: str = "UPDATE_COMPLETE") -> Stack:
    return Stack(f"arn:{key}", f"{key}-dev", status, outputs=tuple(Output(name, "x") for name in outputs))


@pytest.mark.parametrize(
    ("stacks", "pending", "phrases"),
    [
        ([], {}, ["db, net, which is not deployed yet"]),
        ([there("net")], {"db": DB}, ["db, which is not deployed yet"]),
        ([there("db", "Name", "Size"), there("net")], {"db": DB, "net": NET}, []),
        ([there("db", "Name"), there("net")], {"db": DB},
         ["the output Size of db, which only its pending update adds"]),
        ([there("db"), there("net", status="REVIEW_IN_PROGRESS")], {"db": DB, "net": NET},
         ["net, which is not deployed yet", "the outputs Name, Size of db, which only its pending update adds"]),
        # Nothing is pending there, or no template declares it: an error of its own, when the parameters are read.
        ([there("db", "Name"), there("net")], {}, []),
        ([there("db", "Name"), there("net")], {"db": OTHER}, []),
    ],
)  # fmt: skip
def test_what_is_lacking(stacks: list[Stack], pending: dict[str, DesiredStack], phrases: list[str]) -> None:
    known = {row.arn.removeprefix("arn:"): row for row in stacks}
    assert missing_prerequisites(WANTED, known.get, pending) == phrases


def test_references_have_no_values_yet_and_the_resources_are_listed_all_the_same() -> None:
    fake = FakeRun()
    result = preview_from_template(fake.context(), WANTED, "it needs db", "deploy that first")
    assert (result.outcome, result.cause, fake.cfn.names()) == ("deferred", "it needs db", [])
    assert fake.listener.lines == [
        "api: api-dev would be created from a template of 2 resources:\n"
        "  Cluster  AWS::RDS::DBCluster\n  Writer   AWS::RDS::DBInstance",
        "api: warning: no change set was made: it needs db; deploy that first",
    ]
