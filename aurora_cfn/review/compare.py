"""The differences between two values in normal form, at any depth."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from aurora_cfn.model.value import Path as Keys
from aurora_cfn.model.value import Value
from aurora_cfn.template.forms import MASK, intrinsic, masked, uncertain
from aurora_cfn.template.nested import replaced_among
from aurora_cfn.template.resource_schema import ResourceSchema

# ManageMasterUserPassword and GenerateSecretString end like secrets, and are none.
_SENSITIVE = re.compile(
    r"((?<!ManageMasterUser)Password|(?<!Generate)SecretString|SecretBinary|AuthToken|PrivateKey|PreSharedKey)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the sides differ; None means nothing there.

    `order_only`: a set with the same members. `follows`: the resources that it refers to and that are
    replaced, or outputs with another value, while it is equal as written; `maybe`: perhaps.
    """

    keys: Keys
    before: Value
    after: Value
    order_only: bool = False
    follows: tuple[str, ...] = ()
    maybe: bool = False

    @property
    def top(self) -> str:
        """The property that it lies in."""
        return str(self.keys[0]) if self.keys else ""

    @property
    def unsure(self) -> bool:
        """Whether only AWS knows if the real values differ."""
        return self.maybe or uncertain(self.before) or uncertain(self.after)

    @property
    def reasons(self) -> tuple[str, ...]:
        """What happens to each that it follows: `Db is replaced`."""
        return tuple(map(happens, self.follows))

    def shown(self) -> tuple[Value, Value]:
        """Both values, with secrets masked."""
        return presentable(self.keys, self.before), presentable(self.keys, self.after)


def happens(name: str) -> str:
    """`Db is replaced`, or of an output of a nested stack `Network.Outputs.VpcId changes`."""
    return f"{name} changes" if "." in name else f"{name} is replaced"


def differences(before: Value, after: Value, rules: ResourceSchema | None, keys: Keys = ()) -> Iterator[Difference]:
    """Where the two differ; mappings are entered, lists where their items pair up."""
    if before == after or (rules and _same_scalar(before, after, keys, rules)) or _same_lookups(before, after):
        return
    if _enterable(before) and _enterable(after):
        assert isinstance(before, Mapping)
        assert isinstance(after, Mapping)
        for key in [*before, *(key for key in after if key not in before)]:
            yield from differences(before.get(key), after.get(key), rules, (*keys, key))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _lists(before, after, rules, keys)
    else:
        yield Difference(keys, before, after)


def following(value: Value, replaced: Mapping[str, bool], keys: Keys = ()) -> Iterator[Difference]:
    """The places that refer to a replaced resource, or an output of a nested stack that gets another value.

    `replaced` has them by id (`Db`, `Network.Outputs.VpcId`): whether that is only maybe so.
    """
    if _enterable(value):
        assert isinstance(value, Mapping)
        for key, item in value.items():
            yield from following(item, replaced, (*keys, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from following(item, replaced, (*keys, index))
    else:
        hits = tuple(replaced_among(value, replaced))
        if hits:
            maybe = all(replaced[name] for name in hits)
            yield Difference(keys, value, value, follows=hits, maybe=maybe)


def leaves(value: Value, keys: Keys = ()) -> Iterator[tuple[Keys, Value]]:
    """Every leaf of a normal form with its path."""
    if _enterable(value) and value:
        assert isinstance(value, Mapping)
        for key, item in value.items():
            yield from leaves(item, (*keys, key))
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, (*keys, index))
    else:
        yield keys, value


def _enterable(value: Value) -> bool:
    return isinstance(value, Mapping) and intrinsic(value) is None


def _lists(before: list[Value], after: list[Value], rules: ResourceSchema | None, keys: Keys) -> Iterator[Difference]:
    named = _by_key(before), _by_key(after)
    # Tags have no order, and a reader looks for them by key.
    if named[0] is not None and named[1] is not None:
        yield from differences(named[0], named[1], None, keys)
    # One difference for the whole list: which items pair up is not known without an order.
    elif rules and rules.is_set(keys):
        same = sorted(map(_text, before)) == sorted(map(_text, after))
        yield Difference(keys, before, after, order_only=same)
    elif len(before) == len(after):
        for index, (left, right) in enumerate(zip(before, after, strict=True)):
            yield from differences(left, right, rules, (*keys, index))
    else:
        yield Difference(keys, before, after)


def _by_key(items: Sequence[Value]) -> dict[str, Value] | None:
    """A list of tags as a mapping, None when it is no such list."""
    found: dict[str, Value] = {}
    for item in items:
        # PropagateAtLaunch belongs to tags of Auto Scaling groups, and is compared with the value.
        if not isinstance(item, Mapping) or not set(item) <= {"Key", "Value", "PropagateAtLaunch"}:
            return None
        key = item.get("Key")
        if not isinstance(key, str) or key in found:
            return None
        # A key without a value is an item too: a filter for tags may name the key alone.
        found[key] = item["Value"] if set(item) == {"Key", "Value"} else item
    return found


def _same_lookups(before: Value, after: Value) -> bool:
    """Whether two functions differ only in what lookups reach by keys that are new, so by none that is deployed."""
    name = intrinsic(before)
    if name is None or name != intrinsic(after):
        return False
    assert isinstance(before, Mapping)
    assert isinstance(after, Mapping)
    return _only_new_keys(before, after)


def _only_new_keys(before: Value, after: Value) -> bool:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        left, right = (side.get("Fn::FindInMap") for side in (before, after))
        if isinstance(left, list) and isinstance(right, list) and left[1:] == right[1:]:
            return _grown(left[0], right[0])
        return before.keys() == after.keys() and all(_only_new_keys(before[key], after[key]) for key in before)
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(map(_only_new_keys, before, after))
    return before == after


def _grown(before: Value, after: Value) -> bool:
    if not before or not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return False
    return all(key in after and after[key] == value for key, value in before.items())


def _same_scalar(before: Value, after: Value, keys: Keys, rules: ResourceSchema) -> bool:
    """Whether two texts are one number, or one boolean, which CloudFormation takes in any case."""
    if not isinstance(before, str) or not isinstance(after, str):
        return False
    if before.lower() == after.lower() in {"true", "false"} and rules.is_boolean(keys):
        return True
    if not rules.is_number(keys):
        return False
    try:
        return float(before) == float(after)
    except ValueError:
        return False


def presentable(keys: Keys, value: Value) -> Value:
    """A value as it may be printed: what came through NoEcho, and literal passwords, are masked."""
    sensitive = any(isinstance(key, str) and _SENSITIVE.search(key) for key in keys)
    # A dynamic reference names the place of the secret, which a reviewer must see.
    if sensitive and isinstance(value, str) and not value.startswith("{{resolve:"):
        return MASK
    if _enterable(value):
        assert isinstance(value, Mapping)
        return {key: presentable((*keys, key), item) for key, item in value.items()}
    if isinstance(value, list):
        return [presentable(keys, item) for item in value]
    return masked(value)


def _text(value: Value) -> str:
    return json.dumps(value, sort_keys=True)
