"""Engine parameters in an overlay, such as log_min_duration_statement, checked as far as the facts know the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from aurora_cfn.errors import Complaint
from aurora_cfn.facts.engine_parameters import is_static
from aurora_cfn.facts.parameter_values import engine_of, is_switch, name_problem, value_problem
from aurora_cfn.model.value import Value, member

GROUPS: Final = {
    "ClusterParameters": "AWS::RDS::DBClusterParameterGroup",
    "InstanceParameters": "AWS::RDS::DBParameterGroup",
}
"""Section of the overlay to the type of the parameter group that it sets."""


def with_engine_parameters(
    found: Mapping[str, Any], fragment: Mapping[str, Value], complaint: Callable[..., Complaint]
) -> Iterator[Complaint]:
    """Set the parameters in the template's one group of the type; yields what cannot be set, and why."""
    for section, kind in GROUPS.items():
        settings = fragment.get(section)
        if settings is None:
            continue
        groups = [row for row in found["Resources"].values() if isinstance(row, dict) and row.get("Type") == kind]
        if not isinstance(settings, Mapping):
            yield complaint("must be a mapping of parameters to values", (section,))
        elif len(groups) != 1:
            count = f"{len(groups)} resources" if groups else "no resource"
            yield complaint(f"the template has {count} of the type {kind}", (section,), "set it under Resources")
        else:
            yield from _set(groups[0], section, settings, complaint)


def _set(
    group: dict[str, Any], section: str, settings: Mapping[str, Value], complaint: Callable[..., Complaint]
) -> Iterator[Complaint]:
    properties = group.setdefault("Properties", {})
    engine = engine_of(family_text(properties.get("Family")))
    there = properties.setdefault("Parameters", {})
    for name, value in settings.items():
        text = _text(name, value)
        what, hint = name_problem(name, engine) if engine else ("", "")
        if what:
            yield complaint(f"{engine} {what}", (section, name), hint)
            continue  # the value of a parameter that does not exist has no bounds
        # A text with a brace is a formula such as {DBInstanceClassMemory/32768}, or a dynamic reference.
        if engine == "postgresql" and isinstance(text, str) and "{" not in text:
            what, hint = value_problem(name, text)
        if what:
            yield complaint(what, (section, name), hint)
        there[name] = text


def static_parameters(template: Mapping[str, Any], fragment: Value) -> Iterator[tuple[str, str]]:
    """Section and name of the overlay's parameters that take effect only after a reboot."""
    for section, kind in GROUPS.items():
        settings = member(fragment, section)
        group = next((row for row in template["Resources"].values() if row.get("Type") == kind), None)
        if group is None or not isinstance(settings, Mapping):
            continue
        family = family_text(group["Properties"].get("Family")) + _default_major(template)
        yield from ((section, name) for name in settings if is_static(name, family))


def family_text(value: Any) -> str:
    """The start of a family up to the version that is filled in: `aurora-postgresql`, empty when it is not known."""
    text = value.get("Fn::Sub", "") if isinstance(value, Mapping) else value
    text = text[0] if isinstance(text, list) and text else text
    return str(text or "").partition("${")[0]


def _default_major(template: Mapping[str, Any]) -> str:
    # The family of a rendered template follows EngineVersion, so its major is in that parameter's default.
    version = template.get("Parameters", {}).get("EngineVersion", {}).get("Default", "")
    return str(version).partition(".")[0]


def _text(name: str, value: Value) -> Any:
    """A value as RDS takes it: text, a switch of PostgreSQL 0 or 1, a list with commas; a function as it is."""
    if isinstance(value, bool):
        return str(int(value)) if is_switch(name) else ("ON" if value else "OFF")
    if isinstance(value, list):
        return ",".join(map(str, value))
    return value if isinstance(value, Mapping) else str(value)
