"""Functions whose code was replaced, which neither a template nor CloudFormation shows, and how sessions are ended."""

from __future__ import annotations

import getpass
from collections.abc import Iterator, Mapping, Sequence

from aurora_cfn.aws.function_code import AwsFunctions
from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.live_sessions import (
    code_places,
    deployed_functions,
    deployed_stacks,
    is_abandoned,
    live_sessions,
    restore_command,
    restore_of,
    session_text,
)
from aurora_cfn.cli.runs.readiness import check_account
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.cli.terminal.prompt import confirmed, terminal
from aurora_cfn.errors import AwsError, BusyError, InputError
from aurora_cfn.model.digest import sha256_base64
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.finding import Finding
from aurora_cfn.model.live_session import CodePlace, LiveSession
from aurora_cfn.model.stack import Stack
from aurora_cfn.project.packaged_stacks import code_placements, packaged_stacks

RULE = "function-code"


def swapped_code(target: Target, stacks: Mapping[str, Stack]) -> tuple[str, ...]:
    """A line for each function that runs other code than the zip that its stack is deployed with, and how to undo that.

    `stacks` are deployed, by key. A stack with the code of another version is left out: its key differs, which `diff`
    shows.
    """
    try:
        packaged = _packaged(target, [row for row in target.environment.stacks if row.key in stacks])
    except InputError:
        # Without a bucket or an account nothing of ours can have been deployed.
        return ()
    sessions = live_sessions(target) if packaged else ()
    return tuple(
        line
        for key, digests in packaged.items()
        # Of another version, or with its code in the template: no key of it is known here.
        if "CodeKey" not in stacks[key].parameters or stacks[key].parameters["CodeKey"] in digests
        for line in _swapped(target, stacks[key], digests, sessions)
    )


def code_findings(target: Target, chosen: Sequence[EnvironmentStack]) -> list[Finding]:
    """The same as warnings, for the deployed ones of these stacks."""
    lines = swapped_code(target, deployed_stacks(target, chosen))
    return [Finding(RULE, "warning", line, target.environment.path, 1) for line in lines]


def sessions_of(target: Target, chosen: Sequence[EnvironmentStack]) -> list[LiveSession]:
    """The live sessions that have functions of these stacks: a deployment would change them below it."""
    sessions = live_sessions(target)
    if not sessions:
        return []
    names = {
        row.physical_id
        for stack in deployed_stacks(target, chosen).values()
        for row in target.cloudformation.resources(stack.arn)
    }
    return [row for row in sessions if names & row.functions.keys()]


def _packaged(target: Target, chosen: Sequence[EnvironmentStack]) -> dict[str, dict[str, str]]:
    """The digests of the stacks' zips by stack key and key in the bucket, as Lambda gives them (FunctionConfiguration).

    Raises InputError where the code cannot be built, or has no bucket.
    """
    place, region = (target.environment, chosen, target.templates), target.options.region or ""
    found: dict[str, dict[str, bytes]] = {}
    for key, row in code_placements(*place, region=region).items():
        found.setdefault(key, {})[row.package.key] = row.package.data
    # The addresses of nested templates are not compared.
    for key, template in packaged_stacks(*place, lambda bucket, name: f"{bucket}/{name}", region=region).items():
        found.setdefault(key, {}).update({row.key: row.data for row in template.artifacts})
    return {key: {name: sha256_base64(data) for name, data in rows.items()} for key, rows in found.items()}


def _swapped(
    target: Target, stack: Stack, packaged: Mapping[str, str], sessions: Sequence[LiveSession]
) -> Iterator[str]:
    functions = AwsFunctions(target.session)
    try:
        rows = [(row, place) for row, place in deployed_functions(target, stack) if place and place.key in packaged]
        found = [(row, place, functions.code_sha256(row.physical_id)) for row, place in rows if place]
    except AwsError as error:
        if not error.denied:
            raise
        yield f"{stack.name}: whether its functions run the packaged code is not known: {error}"
        return
    for row, place, digest in found:
        live = next((one for one in sessions if digest == one.functions.get(row.physical_id)), None)
        if live:
            held = session_text(live)
            yield f"{stack.name}: {row.logical_id} runs a live session: {held}; `{restore_command(target)}` ends it"
        elif digest not in {None, packaged[place.key]}:
            yield (
                f"{stack.name}: {row.logical_id} runs code that was not deployed (CodeSha256 {digest}, packaged "
                f"{packaged[place.key]}); CloudFormation sees no difference, and `aurora-cfn deploy` does not change it"
                f" while the template stays the same: put it back with `{_command(target, row.physical_id, place)}`"
            )


def _command(target: Target, function: str, zipped: CodePlace) -> str:
    """The command of the AWS CLI; the emulator's keys come from `local env`."""
    place = target.session.connection
    where = AwsOptions(place.profile, place.region, place.endpoint_url).spelled
    code = f"--s3-bucket {zipped.bucket} --s3-key {zipped.key}"
    return f"aws lambda update-function-code --function-name {function} {code}{where}"


def restore(target: Target, *, take_over: bool) -> None:
    """End the sessions of the environment. Raises InputError, AwsError, and BusyError for one of another person."""
    found = live_sessions(target)
    if not found:
        info(f"{target.environment.name} has no live session")
        return
    check_account(target)
    for session in found:
        if not (take_over or is_abandoned(session) or session.who == getpass.getuser()):
            raise BusyError(f"{session_text(session)}; --take-over ends it")
    _end(target, found)


def end_abandoned(target: Target, *, take_over: bool) -> None:
    """Put back the code that a killed command has replaced. Raises BusyError while another session continues."""
    found = live_sessions(target)
    others = [] if take_over else [row for row in found if not is_abandoned(row)]
    if others:
        raise BusyError(f"{session_text(others[0])}; --take-over ends it")
    if found:
        info("ends the session of a command that was killed" if not take_over else "ends the session before this one")
        _end(target, found)


def end_before_deployment(target: Target, chosen: Sequence[EnvironmentStack], *, yes: bool) -> None:
    """End the sessions that have functions of these stacks, if the user agrees to it when asked.

    Raises BusyError where the answer is no, and without asking with `yes` and without a terminal: `--yes` agrees to a
    deployment, not to the end of a session, which may be another person's.
    """
    found = sessions_of(target, chosen)
    if not found:
        return
    holders = "; ".join(map(session_text, found))
    if yes or not terminal() or not confirmed(f"{holders}. End that and put the deployed code back first?"):
        raise BusyError(f"{holders}: end that session first, with `{restore_command(target)}`")
    _end(target, found)


def _end(target: Target, found: Sequence[LiveSession]) -> None:
    work = restore_of(target, code_places(target, target.environment.stacks))
    left = [row for row in found if not work.session(row)]
    if left:
        raise AwsError("a function still runs the stub of a live session")
