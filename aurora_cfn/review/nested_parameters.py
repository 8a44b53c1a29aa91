"""What CloudFormation refuses of a nested stack: parameters that it lacks or needs, outputs that it does not have."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.model.change import Effect, Verdict
from aurora_cfn.template.mentions import attributes
from aurora_cfn.template.nested import given, required
from aurora_cfn.template.resources import Resource
from aurora_cfn.template.side import Side


def refused_parameters(template: Side, resource: Resource, parent: Side) -> Iterator[Effect]:
    """One failure for each parameter that is given and not declared, or declared without default and not given."""
    values = given(resource) or {}
    declared = template.section("Parameters")
    place = ("Resources", resource.logical_id, "Properties", "Parameters")
    if any(name.startswith("Fn::") for name in declared):
        return
    for name in values:
        if name not in declared:
            sentence = f"{template.path} has no parameter {name}: CloudFormation refuses it"
            remedy = f"declare {name} there, or leave it out here"
            line = parent.line((*place, name))
            yield Effect(Verdict.METADATA, sentence, f"Properties.Parameters.{name}", remedy, fails=True, line=line)
    for name in required(template):
        if name not in values:
            sentence = f"{template.path} needs a value for {name}, which has no default: CloudFormation refuses it"
            remedy = f"give {name} here, or a default there"
            yield Effect(
                Verdict.METADATA, sentence, "Properties.Parameters", remedy, fails=True, line=parent.line(place)
            )


def missing_outputs(template: Side, name: str, parent: Side) -> Iterator[Effect]:
    """One failure for each output that the parent reads from that nested stack, and that it does not have."""
    declared = template.section("Outputs")
    if any(key.startswith("Fn::") for key in declared):
        return
    sections = [parent.section("Resources"), parent.section("Outputs")]
    read = {attribute for one, attribute in attributes(sections) if one == name}
    for key in sorted(one.removeprefix("Outputs.") for one in read if one.startswith("Outputs.")):
        if key not in declared:
            sentence = f"{template.path} has no output {key}, which this template reads: the update fails"
            yield Effect(Verdict.METADATA, sentence, remedy=f"keep the output {key}, or read another", fails=True)
