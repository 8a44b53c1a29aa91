"""The events of a stack and of those nested in it: each once, only ours, and nested ones while they are at work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from aurora_cfn.deploy.watch.events import EventTree, OperationFilter
from aurora_cfn.model.event import STACK_TYPE, StackEvent
from tests.fakes.clock import START, FakeClock
from tests.fakes.cloudformation import FakeCloudFormation

PREFIX = "arn:aws:cloudformation:eu-west-1:123456789012:stack"
ROOT, CHILD = f"{PREFIX}/root/1", f"{PREFIX}/root-Child/2"
TOPIC = "AWS::SNS::Topic"


class WrittenEvents(FakeCloudFormation):
    """Events that the test writes down, by stack; `lagging` gives all of them and ignores `since`."""

    lagging = False

    def __init__(self) -> None:
        super().__init__(FakeClock())
        self.rows: dict[str, list[StackEvent]] = {ROOT: [], CHILD: []}
        self.asked: list[str] = []

    def events(self, stack: str, *, since: str | None = None) -> Sequence[StackEvent]:
        self.asked.append(stack)
        ids = [row.id for row in self.rows[stack]]
        return self.rows[stack][ids.index(since) + 1 if since in ids and not self.lagging else 0 :]


@dataclass
class Scene:
    """A tree over `WrittenEvents`, and what it showed."""

    cfn: WrittenEvents = field(default_factory=WrittenEvents)
    seen: list[str] = field(default_factory=list)

    def tree(self, since: str | None = None, token: str = "", early_ends: frozenset[str] = frozenset()) -> EventTree:
        see = lambda event: self.seen.append(event.id)  # noqa: E731
        return EventTree(self.cfn, ROOT, since, see, OperationFilter(token), early_ends)

    def happens(self, name: str, status: str, *, of: str = ROOT, at: int = 0, token: str = "", about: str = "") -> None:
        """An event of the stack `of`: of itself, or of what it holds when `about` is given."""
        kind = TOPIC if about == TOPIC else STACK_TYPE
        physical = {"": of, TOPIC: "t"}.get(about, about)
        when = START + timedelta(seconds=at)
        row = StackEvent(name, of, of.split("/")[1], "x", physical, kind, status, when, token=token)
        self.cfn.rows[of].append(row)


def test_each_is_shown_once_although_the_answer_goes_back_further() -> None:
    scene = Scene()
    tree = scene.tree("before")
    scene.happens("before", "UPDATE_IN_PROGRESS")
    scene.happens("a", "UPDATE_IN_PROGRESS")
    assert tree.read()
    assert not tree.read()
    scene.cfn.lagging = True
    tree.read()
    assert [name for name in scene.seen if name == "a"] == ["a"]
    scene.cfn.lagging = False
    scene.happens("b", "UPDATE_COMPLETE")
    assert tree.read()
    assert (scene.seen[-1], tree.end.id if tree.end else "") == ("b", "b")
    scene.happens("c", "UPDATE_IN_PROGRESS")
    assert not tree.read(), "after the end nothing is ours"


CLEANING = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"


@pytest.mark.parametrize(
    ("rows", "early", "end"),
    [
        ([("a", CLEANING, ROOT, "")], True, "a"),
        ([("a", CLEANING, ROOT, "")], False, None),
        ([("n", "UPDATE_IN_PROGRESS", ROOT, CHILD), ("a", CLEANING, CHILD, "")], True, None),
        ([("n", "UPDATE_IN_PROGRESS", ROOT, CHILD), ("a", CLEANING, ROOT, CHILD)], True, None),
        ([("a", "UPDATE_IN_PROGRESS", ROOT, "")], True, None),
        ([("n", "UPDATE_IN_PROGRESS", ROOT, CHILD), ("m", CLEANING, CHILD, ""), ("a", CLEANING, ROOT, "")], True, "a"),
        # Both in one reading: the clean-up has ended already.
        ([("a", CLEANING, ROOT, ""), ("b", "UPDATE_COMPLETE", ROOT, "")], True, "b"),
    ],
)
def test_only_the_clean_up_of_the_stack_itself_ends_it_early(
    rows: list[tuple[str, str, str, str]], early: bool, end: str | None
) -> None:
    scene = Scene()
    tree = scene.tree(early_ends=frozenset({CLEANING} if early else ()))
    for name, status, of, about in rows:
        scene.happens(name, status, of=of, about=about)
    tree.read()
    assert (tree.end.id if tree.end else None) == end


def test_once_ours_has_begun_a_rollback_without_our_token_ends_it() -> None:
    scene = Scene()
    tree = scene.tree(token="run")
    scene.happens("theirs", "UPDATE_COMPLETE", token="other")
    scene.happens("ours", "UPDATE_IN_PROGRESS", token="run")
    scene.happens("back", "UPDATE_ROLLBACK_COMPLETE", token="Console-1")
    tree.read()
    assert (scene.seen, tree.end.id if tree.end else "") == (["ours", "back"], "back")


def test_a_shell_that_waits_is_no_news() -> None:
    scene = Scene()
    scene.happens("shell", "REVIEW_IN_PROGRESS")
    assert not scene.tree().read()


def test_a_nested_stack_is_read_from_the_touch_on_and_again_only_when_touched_again() -> None:
    scene = Scene()
    tree = scene.tree()
    scene.happens("old", "CREATE_COMPLETE", of=CHILD, at=1)
    scene.happens("touch", "UPDATE_IN_PROGRESS", about=CHILD, at=5)
    scene.happens("begins", "UPDATE_IN_PROGRESS", of=CHILD, at=5)
    assert not tree.nested
    assert tree.read()
    assert tree.nested
    assert scene.seen == ["touch", "begins"]
    scene.happens("topic", "UPDATE_COMPLETE", of=CHILD, at=6, about=TOPIC)
    tree.read()
    scene.happens("done", "UPDATE_COMPLETE", of=CHILD, at=7)
    tree.read()
    scene.happens("known", "UPDATE_COMPLETE", about=CHILD, at=8)
    scene.cfn.asked.clear()
    tree.read()
    tree.read()
    assert scene.cfn.asked == [ROOT, ROOT], "it is at rest"
    tree.read(everyone=True)
    assert scene.cfn.asked[2:] == [ROOT, CHILD]
    scene.happens("again", "UPDATE_ROLLBACK_IN_PROGRESS", about=CHILD, at=9)
    scene.happens("late", "UPDATE_ROLLBACK_IN_PROGRESS", of=CHILD, at=9)
    tree.read()
    assert scene.seen == ["touch", "begins", "topic", "done", "known", "again", "late"]
    assert tree.calls == len(scene.cfn.asked) + 6
    scene.cfn.asked.clear()
    tree.read()
    assert scene.cfn.asked == [ROOT, CHILD], "it is at work again"


def test_what_a_past_event_touched_is_read_too_and_the_past_is_not_shown_again() -> None:
    scene = Scene()
    scene.happens("touch", "UPDATE_IN_PROGRESS", about=CHILD, at=5)
    tree = scene.tree("touch")
    tree.take_over(scene.cfn.rows[ROOT])
    scene.happens("begins", "UPDATE_IN_PROGRESS", of=CHILD, at=6)
    scene.cfn.lagging = True
    assert tree.read()
    assert scene.seen == ["begins"]
