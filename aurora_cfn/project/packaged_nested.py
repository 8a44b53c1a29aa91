"""The templates of nested stacks among the files that are uploaded with a template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aurora_cfn.errors import InputError
from aurora_cfn.project.local_files import Artifact
from aurora_cfn.template.side import NestedAddress, NestedTemplate, Side, template_of
from aurora_cfn.yamltext import read_template


@dataclass(frozen=True, slots=True)
class PackagedNested:
    """The nested templates of a packaged one, found by the key at the end of their addresses."""

    artifacts: Sequence[Artifact]

    def template(self, parent: str, address: NestedAddress) -> NestedTemplate | None:  # noqa: ARG002 - a port
        """That of the address, None where it is none of these files."""
        where = address.location
        found = next((row for row in self.artifacts if isinstance(where, str) and where.endswith(f"/{row.key}")), None)
        if found is None:
            return None
        try:
            document = read_template(found.data.decode(), found.path)
            side = Side(template_of(document, found.path), lines=document.lines, path=found.path, nested=self)
        # What is no template fails when it is deployed.
        except (InputError, UnicodeDecodeError):
            return None
        return NestedTemplate(side, local=True)

    def identity(self, address: NestedAddress) -> str:  # noqa: ARG002 - a port
        """Nothing is known of other files."""
        return ""
