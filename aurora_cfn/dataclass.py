"""`dataclass` of the standard library, with methods that are made when they are first used.

The standard decorator compiles six methods for a frozen class while its module is imported. That takes 0.3 ms a class,
which was a fifth of the CPU time of `deploy`: it imports 220 classes, and uses a third of them. Here a class takes a
tenth of that. Nothing else differs; type checkers see the standard decorator.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, FrozenInstanceError
from functools import cache, partial
from operator import attrgetter
from reprlib import recursive_repr
from threading import Lock
from typing import TYPE_CHECKING, Any

_USUAL = dataclasses.field(default=None)
_OPTIONS = ("init", "hash", "compare", "kw_only")
_NOT_A_FIELD = ("ClassVar", "InitVar", "KW_ONLY")
_ONE_BY_ONE = Lock()
_READ = ("__dataclass_fields__", "__dataclass_params__")
"""What `replace`, `fields` and the decorator of a subclass read, which a class of the standard decorator has."""
_METHODS = frozenset({"__eq__", "__hash__", "__repr__", "__setattr__", "__delattr__", "__getstate__", "__setstate__"})


class _Later:
    """A class attribute that is made when it is first read, and then replaces this."""

    __slots__ = ("cls", "make", "name")

    def __init__(self, cls: type, name: str, make: Callable[[], Any]) -> None:
        self.cls, self.name, self.make = cls, name, make

    def __get__(self, instance: object, owner: type) -> Any:
        # Two threads may both make it: the second one replaces it with an equal one.
        setattr(self.cls, self.name, self.make())
        return getattr(owner if instance is None else instance, self.name)


def _dataclass(*, slots: bool = False, frozen: bool = False, eq: bool = True, **more: Any) -> Callable[[type], type]:
    """The decorator; a class with anything unusual gets the standard one."""

    def standard(cls: type) -> type:
        decorator: Any = dataclasses.dataclass(slots=slots, frozen=frozen, eq=eq, **more)
        made: type = decorator(cls)
        return made

    def decorated(cls: type) -> type:
        return _made(cls, standard, frozen=frozen, eq=eq) if slots and not more and _usual(cls) else standard(cls)

    return decorated


def _usual(cls: type) -> bool:
    """Whether it has no bases, no such methods itself, and only fields that `__init__` takes and `==` compares."""
    own = vars(cls)
    kinds: Mapping[str, object] = own.get("__annotations__", {})
    return (
        cls.__bases__ == (object,)
        and _METHODS.isdisjoint(own)
        and "self" not in kinds
        and all(isinstance(kind, str) and not any(word in kind for word in _NOT_A_FIELD) for kind in kinds.values())
        and all(_usual_default(own[name]) for name in kinds if name in own)
    )


def _usual_default(value: object) -> bool:
    if isinstance(value, Field):
        return all(getattr(value, name) == getattr(_USUAL, name) for name in _OPTIONS) and not value.metadata
    # The standard decorator refuses a default that can be changed.
    return value.__class__.__hash__ is not None


def _made(cls: type, standard: Callable[[type], type], *, frozen: bool, eq: bool) -> Any:
    """The class anew with slots, as `slots=True` makes it, with its methods."""
    own = vars(cls)
    names = tuple(own.get("__annotations__", ()))
    given = {name: own[name] for name in names if name in own}
    rest = {name: value for name, value in own.items() if name not in {*names, "__dict__", "__weakref__"}}
    made: Any = type(cls.__name__, (), rest | {"__slots__": names, "__match_args__": names})
    made.__qualname__ = cls.__qualname__
    made.__init__ = _Later(made, "__init__", lambda: _init(made, names, given, frozen=frozen))
    twin = cache(lambda: standard(cls))
    for name in _READ:
        setattr(made, name, _Later(made, name, partial(_attribute, twin, name)))
    _add_repr(made, [name for name in names if not isinstance(given.get(name), Field) or given[name].repr])
    if eq:
        _add_comparison(made, names, frozen=frozen)
    if frozen:
        _freeze(made, names)
    return made


def _attribute(cls: Callable[[], type], name: str) -> Any:
    # The standard decorator takes the defaults off the class while it works: a second thread would not see them.
    with _ONE_BY_ONE:
        return getattr(cls(), name)


def _init(cls: type, names: tuple[str, ...], given: Mapping[str, Any], *, frozen: bool) -> Any:
    """`__init__`, compiled: it is called too often for a loop over the fields."""
    space: dict[str, Any] = {"_setattr_": object.__setattr__, "_MISSING_": MISSING}
    parameters, lines = [], []
    for name in names:
        default = given.get(name, MISSING)
        made = default.default_factory if isinstance(default, Field) else MISSING
        default = default.default if isinstance(default, Field) else default
        value, parameter = name, name
        if made is not MISSING:
            space[f"_made_{name}_"] = made
            value, parameter = f"_made_{name}_() if {name} is _MISSING_ else {name}", f"{name}=_MISSING_"
        elif default is not MISSING:
            space[f"_default_{name}_"] = default
            parameter = f"{name}=_default_{name}_"
        parameters.append(parameter)
        lines.append(f"_setattr_(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    exec(f"def __init__({', '.join(['self', *parameters])}):\n {'; '.join(lines) or 'pass'}", space)
    space["__init__"].__qualname__ = f"{cls.__qualname__}.__init__"
    return space["__init__"]


def _add_repr(cls: Any, shown: list[str]) -> None:
    def shown_fields(self: object) -> str:
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"

    cls.__repr__ = recursive_repr()(shown_fields)


def _add_comparison(cls: Any, names: tuple[str, ...], *, frozen: bool) -> None:
    # With one name attrgetter returns the value instead of a tuple.
    values: Callable[[object], Any] = (
        attrgetter(*names) if len(names) > 1 else lambda self: tuple(getattr(self, name) for name in names)
    )

    def equal(self: object, other: object) -> Any:
        if other.__class__ is self.__class__:
            return values(self) == values(other)
        return NotImplemented

    cls.__eq__ = equal
    cls.__hash__ = (lambda self: hash(values(self))) if frozen else None


def _freeze(cls: Any, names: tuple[str, ...]) -> None:
    def refuse_to_set(self: object, name: str, value: object) -> None:
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def refuse_to_delete(self: object, name: str) -> None:
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    def state(self: object) -> list[Any]:
        return [getattr(self, name) for name in names]

    def set_state(self: object, state: list[Any]) -> None:
        for name, value in zip(names, state, strict=True):
            object.__setattr__(self, name, value)

    cls.__setattr__, cls.__delattr__ = refuse_to_set, refuse_to_delete
    # For pickle and copy, which would assign to the fields.
    cls.__getstate__, cls.__setstate__ = state, set_state


if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    dataclass = _dataclass
