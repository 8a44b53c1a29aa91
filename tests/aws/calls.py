"""Which calls of AWS a command can make, read from the syntax tree.

From the command on, every function and class that the code mentions is followed, through imports and callbacks. Of an
adapter in `aws/` only those methods count whose names the reached code uses, and of a method only the operations that
it, or what it calls on itself, asks a boto3 client for.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import botocore.session
from botocore import xform_name

import aurora_cfn

ROOT = Path(aurora_cfn.__file__).parent
AWS = "aurora_cfn.aws"
TARGET_OF_CLIENT = ("aurora_cfn.cli.runs.client_target", "environment_target")
LOGIN_OF_CLIENT = ("aurora_cfn.cli.runs.client_target", "as_client")
ENVIRONMENT = ("aurora_cfn.cli.runs.target", "read_target")
WITH_CLIENT = {TARGET_OF_CLIENT: (ENVIRONMENT,), LOGIN_OF_CLIENT: ()}
"""What --client calls is in a table of its own, OF_CLIENT: most environments have no fleet. Beside it what is followed
in its place."""
OF_SESSION = frozenset({"cloudformation", "rds"})
"""Clients that a session has as attributes."""
NOT_PORTS = frozenset({"environment", "blueprint", "login"})
"""Last words of receivers that have methods of the same names as ports, and are none."""

Node = tuple[str, str]
"""A module and a top-level name in it."""


@dataclass
class Module:
    """Top-level definitions of a module, and what its imported names mean."""

    name: str
    defined: dict[str, ast.AST] = field(default_factory=dict)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)


@cache
def module(name: str) -> Module | None:
    path = ROOT.parent / Path(*name.split("."))
    file = path.with_suffix(".py") if path.with_suffix(".py").is_file() else path / "__init__.py"
    if not file.is_file():
        return None
    tree = ast.parse(file.read_text())
    found = Module(name)
    for statement in tree.body:
        for target in _targets(statement):
            found.defined[target] = statement
    for node in walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("aurora_cfn"):
            for alias in node.names:
                found.imported[alias.asname or alias.name] = (node.module or "", alias.name)
    return found


def walk(tree: ast.AST) -> list[ast.AST]:
    """What `ast.walk` finds but for the contexts of names, in a third of the time."""
    found = [tree]
    for node in found:
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                found += [each for each in value if isinstance(each, ast.AST)]
            elif isinstance(value, ast.AST) and name != "ctx":
                found.append(value)
    return found


def _targets(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def reached(start: Node) -> set[Node]:
    """Everything that the start mentions, and what that mentions; of a class only those methods that are named."""
    found: set[Node] = set()
    waiting = [start]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += WITH_CLIENT.get(node, _mentions(node)) if node != start else _mentions(node)
        if not waiting:
            waiting = [method for method in _methods(found) if method not in found]
    return found


def _methods(nodes: set[Node]) -> Iterator[Node]:
    """Methods of the reached classes whose names stand somewhere in the reached code, and those that Python calls."""
    bodies = [(node, _definition(node)) for node in nodes]
    named = {attribute for _, body in bodies if body for attribute in _attributes(body)}
    for (name, top), body in bodies:
        for part in body.body if isinstance(body, ast.ClassDef) and not name.startswith(AWS) else ():
            if isinstance(part, ast.FunctionDef) and (part.name in named or part.name.startswith("__")):
                yield name, f"{top}.{part.name}"


@cache
def _attributes(definition: ast.AST) -> frozenset[str]:
    found = (part for part in _parts(definition) if isinstance(part, ast.Attribute))
    return frozenset(part.attr for part in found if _receiver(part.value) not in NOT_PORTS)


@cache
def _mentions(node: Node) -> tuple[Node, ...]:
    return tuple(_mentioned(node))


def _mentioned(node: Node) -> Iterator[Node]:
    here, definition = module(node[0]), _definition(node)
    if here is None:
        return
    if definition is None:
        # A name that the module only passes on, as a package's `__init__` does.
        yield from [here.imported[node[1]]] if node[1] in here.imported else []
        return
    if here.name.startswith(AWS) and isinstance(definition, ast.ClassDef):
        return
    for part in _parts(definition):
        if isinstance(part, ast.Name):
            yield from _named(here, part.id)
        elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
            yield from _member(here, part.value.id, part.attr)


@cache  # all commands share most of their code
def _parts(definition: ast.AST) -> tuple[ast.AST, ...]:
    """Nodes below; of a class without its methods."""
    if not isinstance(definition, ast.ClassDef):
        return tuple(walk(definition))
    own = [*definition.bases, *definition.decorator_list, *definition.body]
    return tuple(node for part in own if not isinstance(part, ast.FunctionDef) for node in walk(part))


def _named(here: Module, name: str) -> Iterator[Node]:
    if name in here.defined:
        yield here.name, name
    elif name in here.imported:
        yield here.imported[name]


def _member(here: Module, name: str, attribute: str) -> Iterator[Node]:
    """`module.function` where the module was imported as a name."""
    if name in here.imported:
        package, inner = here.imported[name]
        if module(f"{package}.{inner}"):
            yield f"{package}.{inner}", attribute


def methods_used(nodes: set[Node]) -> set[str]:
    """Names of methods that the reached code, outside of `aws/`, calls on something that may be a port."""
    definitions = (_definition(node) for node in nodes if not node[0].startswith(AWS))
    return {method for definition in definitions if definition for method in _called(definition)}


@cache
def _called(definition: ast.AST) -> frozenset[str]:
    calls = [part.func for part in _parts(definition) if isinstance(part, ast.Call)]
    methods = (call for call in calls if isinstance(call, ast.Attribute))
    # `AwsSnapshotArchive(session).kept_backups`, given to a function that calls it.
    given = (part for part in _parts(definition) if isinstance(part, ast.Attribute) and _makes_adapter(part.value))
    found = {method.attr for method in methods if _receiver(method.value) not in NOT_PORTS}
    return frozenset(found | {method.attr for method in given})


def _makes_adapter(value: ast.AST) -> bool:
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id.startswith("Aws")


@cache
def _definition(node: Node) -> ast.AST | None:
    here = module(node[0])
    top, _, method = node[1].partition(".")
    found = here.defined.get(top) if here else None
    if not method or not isinstance(found, ast.ClassDef):
        return found
    return next((part for part in found.body if isinstance(part, ast.FunctionDef) and part.name == method), None)


def _receiver(value: ast.AST) -> str:
    return value.attr if isinstance(value, ast.Attribute) else value.id if isinstance(value, ast.Name) else ""


def adapters(nodes: set[Node]) -> Iterator[tuple[str, ast.ClassDef]]:
    """Classes of `aws/` that the code makes."""
    for name, _ in nodes:
        definition = _definition((name, _))
        if name.startswith(AWS) and isinstance(definition, ast.ClassDef):
            yield name, definition


def actions(command_module: str) -> set[str]:
    """IAM actions of every call that the command can make."""
    return actions_of(starts(f"aurora_cfn.cli.commands.{command_module}"))


def actions_of(begins: Iterable[Node]) -> set[str]:
    """IAM actions of every call that the code from there on can make."""
    nodes = {node for start in begins for node in reached(start)}
    used = methods_used(nodes)
    found: set[str] = set()
    for name, adapter in adapters(nodes):
        found |= {action for method in used for action in operations(name, adapter, method)}
    for name, function in plain_functions(nodes):
        found |= _followed(name, {}, [(name, function)])
    return found


def plain_functions(nodes: set[Node]) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Functions of `aws/` that the code calls without an adapter."""
    for node in nodes:
        definition = _definition(node)
        if node[0].startswith(AWS) and isinstance(definition, ast.FunctionDef):
            yield node[0], definition


def starts(name: str) -> list[Node]:
    """The command, and where it is a group the commands that it holds."""
    here = module(name)
    assert here is not None
    below = [
        key
        for key, node in here.defined.items()
        if isinstance(node, ast.FunctionDef) and any(_receiver_of_call(row) == "command" for row in node.decorator_list)
    ]
    return [(name, key) for key in ("command", *below)]


def _receiver_of_call(decorator: ast.AST) -> str:
    """`command` of `@command.command()`."""
    called = decorator.func if isinstance(decorator, ast.Call) else None
    return _receiver(called.value) if isinstance(called, ast.Attribute) else ""


@cache
def operations(name: str, adapter: ast.ClassDef, method: str) -> set[str]:
    """IAM actions of one method of an adapter, with what it calls on itself and in its module."""
    methods = _methods_of(name, adapter)
    return _followed(name, methods, [(name, methods[method])] if method in methods else [])


def _followed(name: str, methods: dict[str, ast.AST], waiting: list[tuple[str, ast.AST]]) -> set[str]:
    """What the bodies ask for, with what they call: methods of their class, functions of `aws/` here and elsewhere.

    A function of another module is given its client, so that it asks in the name of those who call it.
    """
    services, seen, found = set(_services(name)), set(), set()
    while waiting:
        place, body = waiting.pop()
        if body in seen:
            continue
        seen.add(body)
        services |= _services(place)
        for part in _nodes(body):
            if isinstance(part, ast.Attribute) and _receiver(part.value) == "self" and part.attr in methods:
                waiting.append((name, methods[part.attr]))
            elif isinstance(part, ast.Name):
                waiting += _function(place, part.id)
    words = {word for body in seen for word in _words(body)}
    found |= {action for service in services for action in _asked(service, words)}
    return found


def _function(name: str, called: str) -> list[tuple[str, ast.AST]]:
    """The function of `aws/` that the module means with that name, as a list of one or none."""
    here = module(name)
    place = (name, called) if here and called in here.defined else here.imported.get(called) if here else None
    found = _definition(place) if place and place[0].startswith(AWS) else None
    return [(place[0], found)] if place and isinstance(found, ast.FunctionDef) else []


@cache
def _methods_of(name: str, adapter: ast.ClassDef) -> dict[str, ast.AST]:
    """Methods of the class and of those that it inherits from."""
    here = module(name)
    assert here is not None
    found: dict[str, ast.AST] = {}
    for parent in adapter.bases:
        place = here.imported.get(parent.id) if isinstance(parent, ast.Name) else None
        inherited = _definition(place) if place else None
        if place and isinstance(inherited, ast.ClassDef):
            found |= _methods_of(place[0], inherited)
    return found | {node.name: node for node in adapter.body if isinstance(node, ast.FunctionDef)}


@cache
def _nodes(body: ast.AST) -> tuple[ast.AST, ...]:
    return tuple(walk(body))


@cache
def _words(body: ast.AST) -> frozenset[str]:
    """What may name an operation: attributes, and the text of `get_paginator("...")`."""
    texts = (part.value for part in _nodes(body) if isinstance(part, ast.Constant))
    attributes = (part.attr for part in _nodes(body) if isinstance(part, ast.Attribute))
    return frozenset([*attributes, *(text for text in texts if isinstance(text, str))])


@cache
def _services(name: str) -> frozenset[str]:
    """Services whose clients the module, or one that it inherits from, asks for."""
    here = module(name)
    assert here is not None
    found = set()
    for definition in here.defined.values():
        for part in walk(definition):
            if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr == "client":
                found |= {arg.value for arg in part.args if isinstance(arg, ast.Constant)}
            elif isinstance(part, ast.Attribute) and part.attr in OF_SESSION and "session" in _receiver(part.value):
                found.add(part.attr)
        if isinstance(definition, ast.ClassDef):
            parents = (here.imported.get(base.id) for base in definition.bases if isinstance(base, ast.Name))
            found |= {service for place in parents if place for service in _services(place[0])}
    return frozenset(map(str, found))


@cache
def _snake(service: str) -> dict[str, str]:
    model = botocore.session.get_session().get_service_model(service)
    return {xform_name(operation): operation for operation in model.operation_names}


def _asked(service: str, names: set[str]) -> Iterator[str]:
    known = _snake(service)
    yield from (f"{service}:{known[name]}" for name in names if name in known)
