"""The templates of nested stacks as they are deployed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aurora_cfn.errors import AwsError, InputError
from aurora_cfn.ports import CloudFormation
from aurora_cfn.template.side import NestedAddress, NestedTemplate, Side, template_of
from aurora_cfn.yamltext import read_template


@dataclass(slots=True)
class DeployedNested:
    """The nested stacks of one deployed stack (name or ARN), read when they are first asked for."""

    cloudformation: CloudFormation
    stack: str
    _ids: Mapping[str, str] | None = field(default=None)
    _found: dict[str, NestedTemplate | None] = field(default_factory=dict)

    def template(self, parent: str, address: NestedAddress) -> NestedTemplate | None:  # noqa: ARG002 - a port
        """The deployed template of a nested stack, None where there is none or it may not be read."""
        name = address.logical_id
        if name not in self._found:
            try:
                self._found[name] = self._deployed(name)
            # Policies that name only the stacks of params files do not reach nested ones: those stay unseen.
            except (AwsError, InputError):
                self._found[name] = None
        return self._found[name]

    def identity(self, address: NestedAddress) -> str:  # noqa: ARG002 - a port
        """Nothing is known of a template that cannot be read."""
        return ""

    def _deployed(self, name: str) -> NestedTemplate | None:
        if self._ids is None:
            rows = self.cloudformation.resources(self.stack)
            self._ids = {row.logical_id: row.physical_id for row in rows if row.exists}
        arn = self._ids.get(name, "")
        if not arn:
            return None
        document = read_template(self.cloudformation.template(arn), arn)
        # Without lines and path, as that of a deployed stack: they are those of no file.
        side = Side(template_of(document, arn), nested=DeployedNested(self.cloudformation, arn))
        return NestedTemplate(side, local=True)
