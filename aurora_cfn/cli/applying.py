"""One run of `deploy --apply`: the change sets of a plan file, checked all before the first is executed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from aurora_cfn.cli.deploying import Deploying
from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.project import read_text
from aurora_cfn.cli.revisions import head
from aurora_cfn.cli.target import target
from aurora_cfn.cli.voice import say
from aurora_cfn.deploy.apply import apply_stack, checked, refuse_elsewhere, refuse_moved
from aurora_cfn.deploy.engine import Choices
from aurora_cfn.deploy.plan_file import read_plan
from aurora_cfn.errors import InputError, StaleError
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.plan import DesiredStack, StackResult
from aurora_cfn.model.plan_file import PlanFile


class Applying(Deploying):
    """As Deploying, with the change sets of the file in place of new ones."""

    def __init__(
        self, path: Path, env: str | None, aws: AwsOptions, choices: Choices, *, yes: bool, log_format: str
    ) -> None:
        """Read the file and its environment. Raises InputError when the file is damaged or of another environment."""
        self.file: PlanFile = read_plan(read_text(path), str(path))
        if env and env != self.file.environment:
            raise InputError(f"{path} is a plan of the environment {self.file.environment}, not of {env}")
        goal = target(self.file.environment, aws)
        super().__init__(goal, replace(choices, allow=self.file.allow), yes=yes, log_format=log_format)
        self._planned = {row.key: row for row in self.file.stacks}

    def apply(self, parallel: int) -> list[StackResult]:
        """What came of each stack. Raises StaleError, with everything that moved, before anything is executed."""
        self._check_stacks()
        self._tell()
        if not self._planned:
            return []
        self._check_region()
        wanted = self.ready(list(self._planned), with_dependencies=False)
        self._check_all(wanted)
        return self.work_through(wanted, parallel)

    def work(self, wanted: DesiredStack) -> StackResult:
        """What came of one stack, which is checked once more: a stack before it may have changed its inputs."""
        result = apply_stack(self.engine, wanted, self._planned[wanted.key], self._inputs)
        return self.noted(wanted, result)

    def _check_names(self, chosen: Sequence[EnvironmentStack], texts: Mapping[str, str]) -> None:
        """They were checked when the plan was made."""

    def _inputs(self, wanted: DesiredStack) -> dict[str, str]:
        return self.inputs(wanted) | self.code.parameters(wanted.key)

    def _check_stacks(self) -> None:
        names = {row.key: row.name for row in self.target.environment.stacks}
        gone = [row.key for row in self.file.stacks if names.get(row.key) != row.name]
        refuse_moved(
            self.file.environment, [f"the params file has no stack {key} of that name any more" for key in gone]
        )

    def _check_region(self) -> None:
        refuse_elsewhere(self.file, "region", self.file.region, self.target.environment.region)

    def _look_ahead(self, chosen: Sequence[EnvironmentStack], texts: Mapping[str, str]) -> None:
        """The caller is known by now: another account's is refused before anything else is asked."""
        account = self.caller.split(":")[4] if self.caller else self.file.account
        refuse_elsewhere(self.file, "account", self.file.account, account)
        super()._look_ahead(chosen, texts)

    def _check_all(self, wanted: dict[str, DesiredStack]) -> None:
        found = []
        for key, row in wanted.items():
            try:
                checked(self.engine, row, self._planned[key], self._inputs)
            except StaleError as error:
                found.append(str(error))
        if found:
            raise StaleError("\n".join(found))
        for key in wanted:
            assert self.engine.uploads is not None
            self.code.upload(key, self.engine.uploads, self.engine.listener.step)

    def _tell(self) -> None:
        commit, _ = head()
        file = self.file
        where = f" at {file.git_commit[:12]}{' with uncommitted changes' * file.dirty}" if file.git_commit else ""
        count = len(file.stacks)
        say(f"plan of {file.created}{where}: {count} stack{'s' * (count != 1)} of {file.environment}")
        if file.git_commit and commit != file.git_commit:
            say(f"  HEAD has moved since, to {commit[:12] or 'no commit'}; what was planned is compared")
        for key, reason in file.deferred.items():
            say(f"  not in it: {key}: {reason}")
