"""A value from SSM or the shell is nowhere in what a deployment writes, even where it is wrong or AWS repeats it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result

from tests.cli.project import PARAMS, Project

CANARY = 'canary-"8f3a61'
SAFE = "canary-8f3a61"
FROM_SHELL = f"{PARAMS}      ServiceName: {{env: SERVICE}}\n"
FORMS = [(), ("--log-format", "json")]


def run(dev: Project, *options: str, value: str = SAFE, debug: bool = True) -> Result:
    address = ("--endpoint-url", dev.endpoint.url, "--no-proof", "--no-preflight", "--no-snapshot")
    first = ("--debug",) if debug else ()
    return dev.run(*first, "deploy", "--env", "dev", "--yes", *address, *options, environ={"SERVICE": value})


def _misfit(dev: Project, *form: str) -> Result:
    return run(dev, *form, value=CANARY)


def _misfit_in_ssm(dev: Project, *form: str) -> Result:
    dev.write(f"{PARAMS}      KmsKeyId: {{ssm: /key}}\n")
    dev.endpoint.ssm["/key"] = f"{CANARY} is no key"
    return run(dev, *form)


def _repeated(dev: Project, *form: str) -> Result:
    dev.endpoint.refusals["CreateChangeSet"] = [("ValidationError", f"ServiceName {SAFE} is bad")]
    return run(dev, *form)


def _in_an_event(dev: Project, *form: str) -> Result:
    dev.endpoint.cfn.fail["CredentialsArnParameter"] = f"there is a {SAFE} already"
    return run(dev, *form)


ENDS: dict[str, tuple[Callable[..., Result], int, str]] = {
    "a value that does not fit": (_misfit, 3, "ServiceName: the value does not fit"),
    "one from SSM": (_misfit_in_ssm, 3, "KmsKeyId: the value does not fit"),
    "one that AWS repeats in a refusal": (_repeated, 4, "ServiceName **** is bad"),
    "one that AWS repeats in an event": (_in_an_event, 5, "there is a **** already"),
}


@pytest.mark.parametrize("form", FORMS, ids=["text", "json"])
@pytest.mark.parametrize("end", ENDS)
def test_it_is_masked_where_it_ends_badly(dev: Project, end: str, form: tuple[str, ...]) -> None:
    work, code, said = ENDS[end]
    dev.write(FROM_SHELL)
    ran = work(dev, *form)
    assert ran.exit_code == code, ran.stderr
    assert said in ran.stderr
    assert "8f3a61" not in ran.output


def test_names_that_the_project_uses_itself_are_not_masked(dev: Project) -> None:
    dev.write(FROM_SHELL)
    ran = run(dev, value="db-dev")
    assert ran.exit_code == 0, ran.stderr
    assert "db-dev: create stack" in ran.stderr


def test_the_next_command_hides_nothing_of_the_last(dev: Project) -> None:
    dev.write(FROM_SHELL)
    run(dev)
    assert SAFE in dev.run("deploy", "--env", SAFE, "--yes").stderr


def test_a_combination_that_does_not_work_is_shown_without_the_value(dev: Project) -> None:
    dev.write(f"{PARAMS}      BackupWindow: {{env: SERVICE}}\n      MaintenanceWindow: sun:02:30-sun:03:30\n")
    ran = run(dev, value="02:31-03:31")
    assert ran.exit_code == 3, ran.stderr
    assert "the values of BackupWindow and MaintenanceWindow do not work together" in ran.stderr
    assert "02:31" not in ran.stderr


def test_a_short_number_is_no_secret(dev: Project) -> None:
    dev.write(PARAMS.replace("MaxCapacity: 8", "MaxCapacity: {env: SERVICE}"))
    assert "257 is above the maximum 256" in run(dev, value="257").stderr
