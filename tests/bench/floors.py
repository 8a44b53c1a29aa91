"""The floors: the least program a person could write for the same result, made anew in each run."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from troposphere import AWSProperty

from aurora_cfn.blueprint import Blueprint
from aurora_cfn.render import template

CLICK_HELLO = '''import click

@click.group()
def main() -> None:
    """Say hello."""

@main.command()
def hello() -> None:
    """Hello."""
    click.echo("hello")

main()
'''


def bare_troposphere(blueprint: Blueprint) -> str:
    """A script that builds the same template with troposphere's classes alone and prints it as YAML."""
    value: dict[str, Any] = template(blueprint)
    lines = ["from troposphere import *"]
    modules = sorted({_module(entry["Type"]) for entry in value["Resources"].values()})
    lines += [f"import troposphere.{module}" for module in modules]
    lines += [
        "t = Template()",
        f"t.set_description({value['Description']!r})",
        f"t.set_metadata({value['Metadata']!r})",
    ]
    lines += [f"t.add_parameter(Parameter({name!r}, **{entry!r}))" for name, entry in value["Parameters"].items()]
    lines += [f"t.add_condition({name!r}, {_source(entry)})" for name, entry in value.get("Conditions", {}).items()]
    lines += [_resource(name, entry) for name, entry in value["Resources"].items()]
    lines += [f"t.add_output(Output({name!r}, **{_source(entry)}))" for name, entry in value["Outputs"].items()]
    return "\n".join([*lines, "print(t.to_yaml())"])


def _module(kind: str) -> str:
    """troposphere's module of a type; that of Lambda has another name, since `lambda` is a keyword of Python."""
    service = kind.split("::")[1].lower()
    return "awslambda" if service == "lambda" else service


def _resource(name: str, entry: dict[str, Any]) -> str:
    module, kind = f"troposphere.{_module(entry['Type'])}", entry["Type"].rpartition("::")[2]
    attributes = {key: value for key, value in entry.items() if key not in {"Type", "Properties"}}
    given = [f"**{_source(attributes)}", *_given(getattr(import_module(module), kind), entry["Properties"])]
    return f"t.add_resource({module}.{kind}({name!r}, validation=False, {', '.join(given)}))"


def _given(owner: Any, properties: dict[str, Any]) -> list[str]:
    """Keyword arguments for troposphere's class `owner`; a property of its own class is built by that class."""
    return [f"{key}={_typed(owner.props[key][0], value)}" for key, value in properties.items()]


def _typed(expected: Any, value: Any) -> str:
    if isinstance(expected, list) and isinstance(value, list):
        return f"[{', '.join(_typed(expected[0], item) for item in value)}]"
    written = isinstance(value, dict) and not any(key == "Ref" or key.startswith("Fn::") for key in value)
    if written and isinstance(expected, type) and issubclass(expected, AWSProperty):
        return f"{expected.__module__}.{expected.__name__}({', '.join(_given(expected, value))})"
    return _source(value)


def _source(value: Any) -> str:
    """Python text that builds the value as a person would: intrinsics as troposphere's classes."""
    if isinstance(value, list):
        return f"[{', '.join(map(_source, value))}]"
    if not isinstance(value, dict):
        return repr(value)
    ((key, argument), *others) = value.items() if value else [("", None)]
    if not others and (key.startswith("Fn::") or key == "Ref"):
        name = key.removeprefix("Fn::")
        if name == "Sub" and isinstance(argument, list):
            return f"Sub({argument[0]!r}, **{_source(argument[1])})"
        arguments = argument if isinstance(argument, list) else [argument]
        return f"{name}({', '.join(map(_source, arguments))})"
    if set(value) == {"Name"}:
        return f"Export({_source(value['Name'])})"
    return "{" + ", ".join(f"{name!r}: {_source(item)}" for name, item in value.items()) + "}"
