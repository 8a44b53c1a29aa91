"""cfn-lint in process: its rules are loaded once for all templates, and stray configuration files are ignored."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import cfnlint.rules
from cfnlint.config import ConfigMixIn
from cfnlint.context.parameters import ParameterSet
from cfnlint.decode.decode import decode_str
from cfnlint.helpers import LIMITS, REGIONS
from cfnlint.rules import Rules
from cfnlint.runner import run_template_by_data

from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.facts.offered import NOTHING_OFFERED, read_offered
from aurora_cfn.facts.versions import NOTICE, support_days
from aurora_cfn.lint.corrections import is_wrong
from aurora_cfn.lint.faster_cfn_lint import install
from aurora_cfn.lint.faster_rules import narrow
from aurora_cfn.lint.nested import nested_findings, nests_files
from aurora_cfn.lint.subject import DEFAULT_REGION, RULES_FOLDER, Subject
from aurora_cfn.lint.suppressions import apply, read_suppressions
from aurora_cfn.model.finding import Finding, Severity
from aurora_cfn.template.side import template_of
from aurora_cfn.yamltext import Document, read_template, with_yaml_escapes

INCLUDED: Final = ("I9", "I3011", "I3013")
"""Informational rules that are on: ours, and cfn-lint's two about keeping data (policies, retention)."""
_CONFIGURATION: Final = Path(__file__).with_name("configuration.yaml")
_SEVERITIES: Final[Mapping[str, Severity]] = {"E": "error", "W": "warning", "I": "info"}
_MISSING_PARAMETER: Final = "E2900"
_LIMIT_SIZE: Final = "E1002"
_EXCEPTIONS: Final = ("Unknown exception while processing rule", 'Exception "')
"""How the findings begin that cfn-lint makes of exceptions in its rules."""


def lint(subjects: Sequence[Subject], *, today: date, offered: str = "") -> tuple[tuple[Finding, ...], ...]:
    """Findings of each subject in the order of their lines, suppressions applied as of `today`.

    `offered` is the path of a file that `facts.offered` reads, empty to use the facts shipped with the program.
    Raises InputError when a text is not a YAML or JSON mapping.
    """
    return tuple(tuple(_findings(subject, today, offered)) for subject in subjects)


def turning_points(subject: Subject, *, offered: str = "") -> frozenset[date]:
    """Days on which the findings of the subject may change although nothing is edited."""
    waived, _ = read_suppressions(read_template(subject.text, subject.path), subject.path)
    ends = support_days(read_offered(offered) if offered else NOTHING_OFFERED)
    days = {*ends, *(row.until for row in waived if row.until), *(end - NOTICE for end in ends)}
    return frozenset(day + timedelta(days=1) for day in days)


def holds_secret(subject: Subject) -> bool:
    """Whether a value is given for a NoEcho parameter, so that nothing about the subject may be kept."""
    declared = _mapping(_mapping(read_template(subject.text, subject.path).value).get("Parameters"))
    given = (name for name, value in subject.parameters.items() if value is not None)
    return any(_is_secret(_mapping(declared.get(name))) for name in given)


def depends_on_files(subject: Subject) -> bool:
    """Whether the findings depend on other files than the template, such as the template of a nested stack."""
    return nests_files(read_template(subject.text, subject.path).value)


@cache
def rules() -> Rules:
    """All rules that are run: cfn-lint's own and those of `rules/`."""
    loaded = Rules.create_from_directory(str(Path(cfnlint.rules.__file__).parent))
    loaded.update(Rules.create_from_directory(str(RULES_FOLDER)))
    if install():
        narrow(loaded)
    return loaded


def _findings(subject: Subject, today: date, offered: str) -> Iterator[Finding]:
    document = read_template(subject.text, subject.path)
    if not isinstance(document.value, Mapping):
        raise InputError((Complaint("not a template: a mapping with Resources is expected", subject.path, 1),))
    settings = {"today": today.isoformat(), "offered": offered, "region": subject.region}
    raw = sorted(
        {*_too_large(subject), *_without_followers([*_raw(subject, document, settings)])},
        key=lambda row: (row.line, row.column, row.rule, row.message),
    )
    waived, complaints = read_suppressions(document, subject.path)
    enabled = frozenset(rule for rule in rules() if rule.startswith(("E", "W", *INCLUDED)))
    # With an environment's values some findings cannot appear, so whether a suppression is needed is not judged.
    judged = frozenset() if subject.parameters else enabled
    kept = apply(raw, waived, path=subject.path, today=today, known=frozenset(rules()), judged=judged)
    yield from sorted((*complaints, *kept), key=lambda row: (row.line, row.column, row.rule))


def _raw(subject: Subject, document: Document, settings: Mapping[str, str]) -> Iterator[Finding]:
    """Findings before suppressions; cfn-lint does not see the `ignore_checks`, which `suppressions` applies."""
    # cfn-lint refuses surrogates in JSON too, as it reads it as YAML first.
    template, matches = decode_str(with_yaml_escapes(subject.text))
    if template is None:
        yield from (_finding(match, subject) for match in matches)
        return
    _forget_ignores(template)
    unknown = _forget_defaults(template, subject.parameters)
    configuration = _configuration(subject, template, settings)
    try:
        for match in run_template_by_data(template, configuration, rules()):
            later = match.rule.id == _MISSING_PARAMETER and unknown.intersection(re.findall(r"'(\w+)'", match.message))
            if not later and not is_wrong(match.rule.id, match.message, getattr(match, "path", ()), template):
                yield _finding(match, subject)
        yield from nested_findings(subject, document, template, rules())
    except (AttributeError, TypeError, KeyError, ValueError, RecursionError) as error:
        # cfn-lint does not check the shape of some sections, and its exceptions do not name the place.
        template_of(document, subject.path)
        what = f"cfn-lint stopped at an unexpected shape ({type(error).__name__}: {error})"
        hint = "check that each section and each Metadata is a mapping"
        raise InputError((Complaint(what, subject.path, hint=hint),)) from error


def _without_followers(found: list[Finding]) -> list[Finding]:
    """The findings without exceptions in cfn-lint's rules, where another finding names the shape they stem from."""
    named = any(" is not of type 'object'" in row.message for row in found)
    return [row for row in found if not row.message.startswith(_EXCEPTIONS)] if named else found


def _too_large(subject: Subject) -> Iterator[Finding]:
    """The finding of cfn-lint's size limit, which it applies only to files that it reads itself, not to given text."""
    rule, size, most = rules()[_LIMIT_SIZE], len(subject.text.encode()), LIMITS["template"]["body"]
    if size > most:
        what = f"the template has {size:,} bytes, and CloudFormation takes {most:,} at most"
        yield Finding(rule.id, "error", what, subject.path, 1, key="Template", source=rule.source_url)


def _configuration(subject: Subject, template: Any, settings: Mapping[str, str]) -> ConfigMixIn:
    values = _parameter_values(template, subject.parameters)
    return ConfigMixIn(
        ["--config-file", str(_CONFIGURATION)],
        # A region that is younger than cfn-lint has the schemas of the default one.
        regions=[subject.region if subject.region in REGIONS else DEFAULT_REGION],
        include_checks=list(INCLUDED),
        configure_rules=_rule_settings(template, settings),
        parameters=[ParameterSet(source=None, parameters=values)] if subject.parameters else [],
    )


def _rule_settings(template: Any, settings: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Settings by rule: the template's Metadata for those of cfn-lint, the caller's for ours."""
    owner = _mapping(_mapping(_mapping(template).get("Metadata")).get("cfn-lint"))
    written = _mapping(_mapping(owner.get("config")).get("configure_rules"))
    own = (name for name, rule in rules().items() if settings.keys() <= rule.config_definition.keys())
    return {name: _mapping(row) for name, row in written.items()} | {name: dict(settings) for name in own}


def _parameter_values(template: Any, given: Mapping[str, str | None]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    declared = _mapping(_mapping(template).get("Parameters"))
    for name, value in given.items():
        row = _mapping(declared.get(name))
        if value is not None and not _is_secret(row):
            values[name] = value.split(",") if "List" in str(row.get("Type")) else value
    return values


def _forget_defaults(template: Any, given: Mapping[str, str | None]) -> frozenset[str]:
    """Remove the defaults of parameters whose value is read later, and return their names: the value may differ."""
    declared = _mapping(_mapping(template).get("Parameters"))
    later = frozenset(
        name for name, value in given.items() if value is None or _is_secret(_mapping(declared.get(name)))
    )
    for name in later:
        _mapping(declared.get(name)).pop("Default", None)
    return later


def _forget_ignores(template: Any) -> None:
    resources = _mapping(_mapping(template).get("Resources"))
    for owner in (template, *resources.values()):
        _mapping(_mapping(_mapping(_mapping(owner).get("Metadata")).get("cfn-lint")).get("config")).pop(
            "ignore_checks", None
        )


def _is_secret(row: Mapping[str, Any]) -> bool:
    return str(row.get("NoEcho", "")).lower() == "true"


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _finding(match: Any, subject: Subject) -> Finding:
    return Finding(
        rule=match.rule.id,
        severity=_SEVERITIES.get(match.rule.id[0], "error"),
        message=match.message,
        path=subject.path,
        line=match.linenumber,
        column=match.columnnumber,
        key="/".join(map(str, getattr(match, "path", ()))),
        source=getattr(match, "source", match.rule.source_url),
    )
