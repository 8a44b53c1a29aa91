from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from cfnlint.rules import RuleMatch

from aurora_cfn.lint.rule import AuroraRule, Problem
from aurora_cfn.lint.world import World


class Aliases(AuroraRule):
    """CloudFormation refuses YAML aliases and merge keys.

    It refuses the template before it reads a resource. `aws cloudformation package` and SAM write aliases out before
    they send a template; `aurora-cfn deploy` sends what is committed and reviewed. This rule takes the place of
    cfn-lint's W1100 and W1101.
    """

    id = "E9077"
    fix = "write it out with `aurora-cfn render --resolve FILE`, which keeps the comments"
    source_url = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html"
    checked = "2026-11-28"
    every_world = False
    tags: ClassVar[list[str]] = ["yaml"]

    def match(self, cfn: Any) -> list[RuleMatch]:
        """One match for each alias, from the text: the template as it was read no longer has them."""
        return [
            RuleMatch(
                list(alias.path),
                f"CloudFormation refuses the YAML alias *{alias.name}: {self.fix}",
                location=(
                    alias.start_mark.line,
                    alias.start_mark.column,
                    alias.end_mark.line,
                    alias.end_mark.column,
                ),
            )
            for alias in cfn.yaml_aliases
        ]

    def look(self, _world: World) -> Iterator[Problem]:
        """Nothing: aliases are found in the text, by `match`."""
        yield from ()
