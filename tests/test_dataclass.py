"""The package's `dataclass` makes classes that do what those of the standard library do."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import sys
import threading
from collections.abc import Callable
from dataclasses import FrozenInstanceError, InitVar, asdict, field, fields, replace
from typing import Any, ClassVar

import pytest

from aurora_cfn import dataclass as module

Decorator = Callable[..., Any]


def classes(decorator: Decorator) -> dict[str, Any]:
    @decorator(frozen=True, slots=True)
    class Frozen:
        """A value."""

        name: str
        size: int = 1
        tags: dict[str, str] = field(default_factory=dict)
        secret: str = field(default="", repr=False)

        @property
        def double(self) -> int:
            return 2 * self.size

    @decorator(slots=True)
    class Changing:
        """A record."""

        name: str
        seen: list[str] = field(default_factory=list)

        def __post_init__(self) -> None:
            self.name = self.name.upper()

    @decorator(frozen=True, slots=True)
    class Single:
        """One field."""

        value: float

    @decorator(frozen=True, slots=True, eq=False)
    class Identity:
        """Equal only to itself."""

        name: str

    @decorator(frozen=True, slots=True)
    class Empty:
        """No field."""

    @decorator(slots=True, order=True)
    class Ordered:
        """Compared by its first field."""

        due: float
        what: str = field(compare=False)

    @decorator(frozen=True, slots=True)
    class Derived:
        """One field is made by the class, one is given only to make it."""

        KIND: ClassVar[str] = "derived"
        name: str
        prefix: InitVar[str]
        whole: str = field(init=False)

        def __post_init__(self, prefix: str) -> None:
            object.__setattr__(self, "whole", prefix + self.name)

    return {kind.__name__: kind for kind in (Frozen, Changing, Single, Identity, Empty, Ordered, Derived)}


ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "Frozen": ("a", 2),
    "Changing": ("a",),
    "Single": (float("nan"),),
    "Identity": ("a",),
    "Empty": (),
    "Ordered": (1.0, "b"),
    "Derived": ("a", "b"),
}


def told(action: Callable[[], Any]) -> Any:
    """What it returns, or the type of its error."""
    try:
        return action()
    except FrozenInstanceError:
        return FrozenInstanceError
    except Exception as error:
        return type(error)


ACTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "parameters": lambda cls, _: [
        (row.name, row.kind, row.default is row.empty) for row in inspect.signature(cls).parameters.values()
    ],
    "repr": lambda _, one: repr(one).rpartition(".")[2],
    "document": lambda cls, _: cls.__doc__,
    "slots": lambda cls, _: (cls.__slots__, cls.__match_args__),
    "fields": lambda cls, _: [(row.name, row.default, row.init, row.compare) for row in fields(cls)],
    "as a dictionary": lambda _, one: asdict(one),
    "equal to another": lambda cls, one: one == cls(*ARGUMENTS[cls.__name__]),
    "equal to itself": lambda _, one: one == one,
    "equal to a tuple": lambda cls, one: one == ARGUMENTS[cls.__name__],
    "hash": lambda cls, one: hash(one) == hash(cls(*ARGUMENTS[cls.__name__])),
    "less": lambda cls, one: one < cls(*ARGUMENTS[cls.__name__]),
    "replaced": lambda _, one: repr(replace(one, name="z")).rpartition(".")[2],
    "copied": lambda _, one: repr(copy.copy(one)) == repr(one),
    "deeply copied": lambda _, one: repr(copy.deepcopy(one)) == repr(one),
    "set": lambda cls, one: setattr(one, cls.__slots__[0], "z"),
    "deleted": lambda cls, one: delattr(one, cls.__slots__[0]),
    "without arguments": lambda cls, _: cls() and None,
    "with an unknown one": lambda cls, _: cls(unknown=1),
    "defaults are not shared": lambda cls, one: one.seen is cls("b").seen,
}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("name", ARGUMENTS)
def test_the_same_as_the_standard_decorator(name: str, action: str) -> None:
    def outcome(decorator: Decorator) -> Any:
        kind = classes(decorator)[name]
        return told(lambda: ACTIONS[action](kind, kind(*ARGUMENTS[name])))

    assert outcome(module.dataclass) == outcome(dataclasses.dataclass)


def test_what_is_not_a_field_is_refused_too() -> None:
    one = classes(module.dataclass)["Frozen"]("a")
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'other'"):
        one.other = 1
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'other'"):
        del one.other


@module.dataclass(frozen=True, slots=True)
class Stored:
    """A value that goes to another process."""

    name: str
    rows: tuple[int, ...] = ()


def test_pickled() -> None:
    assert pickle.loads(pickle.dumps(Stored("a", (1,)))) == Stored("a", (1,))


def test_first_used_in_many_threads_at_once() -> None:
    kind, made, ready = classes(module.dataclass)["Frozen"], [], threading.Barrier(8)

    def make() -> None:
        ready.wait()
        made.append(kind("a"))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [kind("a")] * 8


def test_first_replaced_in_many_threads_at_once() -> None:
    interval, failed = sys.getswitchinterval(), []
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(20):
            one, ready = classes(module.dataclass)["Frozen"]("a"), threading.Barrier(4)

            def change(one: Any = one, ready: threading.Barrier = ready) -> None:
                ready.wait()
                try:
                    replace(one, size=2)
                except Exception as error:
                    failed.append(error)

            threads = [threading.Thread(target=change) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert failed == []


def test_a_default_that_can_be_changed_is_refused() -> None:
    with pytest.raises(ValueError, match="mutable default"):

        @module.dataclass(frozen=True, slots=True)
        class Wrong:
            rows: list[str] = []  # noqa: RUF012 - what is refused


def test_usual_classes_are_made_without_the_standard_decorator() -> None:
    names = {name for name, kind in classes(module.dataclass).items() if "_Later" in repr(vars(kind))}
    assert names == {"Frozen", "Changing", "Single", "Identity", "Empty"}
