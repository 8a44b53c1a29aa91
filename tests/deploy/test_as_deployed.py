"""An update of a stack that changes its tags alone, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from aurora_cfn.deploy.as_deployed import with_tags
from aurora_cfn.model.plan import StackResult
from tests.deploy.test_ownership import NAME, OURS, context
from tests.deploy.toys import TEMPLATE, FakeRun, stack

MORE = {"aurora-cfn:holds": "cluster-ABC"}


def tagged(fake: FakeRun, tags: Mapping[str, str] = MORE) -> StackResult:
    # Another template and other tags in the project: neither is sent.
    wanted = replace(stack(tags={"Team": "b"}), template="")
    return with_tags(context(fake), wanted, tags, lambda _: True, "restore")


def test_the_deployed_stack_gets_the_tags_besides_its_own_and_only_once() -> None:
    fake = FakeRun()
    fake.cfn.put(NAME, "CREATE_COMPLETE", TEMPLATE, tags={"Team": "a", **OURS.tags})
    assert tagged(fake).outcome == "updated"
    found = fake.cfn.stack(NAME)
    assert found is not None
    assert found.tags == {"Team": "a", **OURS.tags, **MORE}
    assert tagged(fake).outcome == "unchanged"
    assert fake.cfn.count("CreateChangeSet") == 1


def test_a_stack_that_is_not_there_is_said() -> None:
    result = tagged(FakeRun())
    assert (result.outcome, "is not deployed" in result.cause) == ("failed", True)
