"""Which outputs, properties and names of resources hold the values of given parameters, without knowing the values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from aurora_cfn.model.event import STACK_TYPE
from aurora_cfn.model.value import Value, member
from aurora_cfn.template.foreach import LOOP
from aurora_cfn.template.forms import intrinsic
from aurora_cfn.template.mentions import attributes, mentioned
from aurora_cfn.template.parsed import section_of
from aurora_cfn.template.transforms import EVALUATED_HERE, transforms

_NOTHING_KNOWN: Mapping[tuple[str, str], bool] = {}


def secret_outputs(
    template: Mapping[str, Value],
    secrets: Collection[str],
    keys: Collection[str],
    inner: Mapping[tuple[str, str], bool] = _NOTHING_KNOWN,
) -> frozenset[str]:
    """The outputs among `keys` whose values are made of those parameters, directly or through a resource.

    `inner` says which outputs of nested stacks (logical id, `Outputs.KEY`) hold a secret. One that is not in it counts
    as secret where the template gives the nested stack a secret.
    """
    outputs = section_of(template, "Outputs")
    wanted = {*secrets, *secret_names(template, secrets, _written(template))}

    def holds(node: Value) -> bool:
        return not wanted.isdisjoint(mentioned(node)) or any(
            inner.get((name, attribute), is_secret(template, secrets, name, _behind(attribute)))
            for name, attribute in attributes(node)
        )

    found = {key for key, row in outputs.items() if holds(member(row, "Value"))}
    # The keys of a loop's outputs are not written in the template: all of them count.
    looped = any(key.startswith(LOOP) and holds(row) for key, row in outputs.items())
    return frozenset(key for key in keys if key in found or (looped and key not in outputs))


def secret_names(template: Mapping[str, Value], secrets: Collection[str], ids: Iterable[str]) -> frozenset[str]:
    """The logical ids among `ids` of the resources whose physical names are made of those parameters.

    What a loop or a macro makes is not written in the template: it counts where the loop mentions a secret, and where
    a macro may have made it.
    """
    if not secrets:
        return frozenset()
    wanted, resources = set(secrets), section_of(template, "Resources")
    loops = [row for key, row in resources.items() if key.startswith(LOOP)]
    unwritten = any(name != EVALUATED_HERE for name in transforms(template)) or not wanted.isdisjoint(mentioned(loops))
    return frozenset(
        name
        for name in ids
        if (unwritten if name not in resources else not wanted.isdisjoint(mentioned(_naming(resources[name]))))
    )


def is_secret(
    template: Mapping[str, Value], secrets: Collection[str], logical_id: str, path: Sequence[str | int]
) -> bool:
    """Whether the property at that path is made of those parameters; `path` begins below `Properties`.

    A resource that the template does not write, as that of a loop, counts as secret where a secret may be in it.
    """
    resources = section_of(template, "Resources")
    if logical_id not in resources:
        return bool(secret_names(template, secrets, [logical_id]))
    node = member(resources[logical_id], "Properties")
    for key in path:
        # What a function gives is not known: all that it mentions counts.
        if intrinsic(node) is not None or not isinstance(node, Mapping | list):
            break
        if isinstance(node, list):
            position = int(key) if str(key).isdigit() else -1
            node = node[position] if 0 <= position < len(node) else None
        else:
            node = node.get(str(key))
    return not set(secrets).isdisjoint(mentioned(node))


def written_ids(template: Mapping[str, Value]) -> frozenset[str]:
    """The logical ids that the template writes."""
    return frozenset(name for name in section_of(template, "Resources") if not name.startswith(LOOP))


def nested_parameters(template: Mapping[str, Value], logical_id: str) -> Mapping[str, Value]:
    """The parameters that the template gives to that nested stack."""
    found = member(section_of(template, "Resources"), logical_id, "Properties", "Parameters")
    return found if isinstance(found, Mapping) else {}


def no_echo_defaults(template: Mapping[str, Value]) -> list[str]:
    """The defaults of NoEcho parameters, which everyone who may read the template can read."""
    rows = section_of(template, "Parameters").values()
    return [str(member(row, "Default") or "") for row in rows if str(member(row, "NoEcho")).lower() == "true"]


def fed_parameters(template: Mapping[str, Value], secrets: Collection[str], logical_id: str) -> frozenset[str]:
    """The parameters of that nested stack to which those parameters go, directly or through a resource's name."""
    given = nested_parameters(template, logical_id)
    wanted = {*secrets, *secret_names(template, secrets, _written(template))}
    return frozenset(name for name, value in given.items() if not wanted.isdisjoint(mentioned(value)))


def _written(template: Mapping[str, Value]) -> set[str]:
    """The logical ids that the outputs and resources mention, with those of loops."""
    used = {*mentioned(section_of(template, "Outputs")), *mentioned(section_of(template, "Resources"))}
    return {name for name in used - section_of(template, "Parameters").keys() if not name.startswith("AWS::")}


def _behind(attribute: str) -> list[str]:
    """The property whose value an attribute returns: that of the same name; of nested stacks, `Parameters`."""
    first, *_ = attribute.split(".")
    return ["Parameters" if first == "Outputs" else first]


def _naming(resource: Value) -> Value:
    """The properties that the physical id is made of; all of a custom resource, whose handler makes its id."""
    # Imported here: only a stack with secrets has names to look up.
    from aurora_cfn.template.resource_schema import schema

    properties: Value = member(resource, "Properties")
    kind = str(member(resource, "Type"))
    known = schema(kind)
    # CloudFormation makes the name of a nested stack of the names of its parent and of the logical id.
    if kind == STACK_TYPE:
        return None
    if known is None or not isinstance(properties, Mapping):
        return properties
    return [properties.get(name) for name in known.names]
