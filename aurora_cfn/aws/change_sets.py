"""The port ChangeSets on botocore."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.pages import every_page, every_row, tag_rows
from aurora_cfn.aws.parse import read_change_set, read_failure
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import NO_CHANGE_SET, UNSUPPORTED, suppress_codes
from aurora_cfn.model.change_set import ChangeSet, ChangeSetRequest, CreatedChangeSet, ValidationFailure

VALUES_DROPPED = "dropped"
"""Word in the status reason when AWS left property values out because the answer was too large."""


@dataclass(frozen=True, slots=True)
class AwsChangeSets:
    """The port ChangeSets on CloudFormation."""

    session: Session

    def create_change_set(self, request: ChangeSetRequest) -> CreatedChangeSet:
        with translated("CreateChangeSet"):
            answer = self.session.cloudformation.create_change_set(**_asked(request))
            return CreatedChangeSet(answer["Id"], answer["StackId"])

    def change_set(self, arn: str) -> ChangeSet:
        return self._whole(arn)

    def _whole(self, arn: str) -> ChangeSet:
        read = self._read(arn, values=True)
        # With dropped values some changes may be incomplete; without any values AWS returns all of them.
        if VALUES_DROPPED in read.reason and not read.failed:
            return replace(self._read(arn, values=False), has_values=False)
        return read

    def _read(self, arn: str, *, values: bool) -> ChangeSet:
        client, rows = self.session.cloudformation, list[Any]()

        def read(answer: Any) -> ChangeSet:
            rows.extend(answer.get("Changes", ()))
            return read_change_set(answer, rows)

        # Not the paginator: the last page says what the change set is.
        asked: dict[str, Any] = {"ChangeSetName": arn, "IncludePropertyValues": values}
        *_, last = every_page(client, "describe_change_set", read, **asked)
        return last

    def change_sets(self, stack: str) -> Sequence[ChangeSet]:
        return every_row(self.session.cloudformation, "list_change_sets", "Summaries", read_change_set, StackName=stack)

    def execute_change_set(self, arn: str, *, token: str, disable_rollback: bool | None = False) -> None:
        # Always sent: the documentation contradicts itself about the default (the API reference of
        # ExecuteChangeSet says True, read 2026-11).
        asked: dict[str, Any] = {} if disable_rollback is None else {"DisableRollback": disable_rollback}
        with translated("ExecuteChangeSet"):
            self.session.cloudformation.execute_change_set(ChangeSetName=arn, ClientRequestToken=token, **asked)

    def delete_change_set(self, arn: str) -> None:
        # Gone already is fine: CloudFormation deletes a stack's change sets with the stack, and on its next update.
        with translated("DeleteChangeSet", absent=NO_CHANGE_SET):
            self.session.cloudformation.delete_change_set(ChangeSetName=arn)

    def validation_failures(self, change_set_arn: str) -> Sequence[ValidationFailure]:
        asked = {"ChangeSetName": change_set_arn, "Filters": {"FailedEvents": True}}
        # Endpoints that imitate CloudFormation may not have DescribeEvents, which came in 2025.
        with suppress_codes(UNSUPPORTED):
            found = every_row(self.session.cloudformation, "describe_events", "OperationEvents", read_failure, **asked)
            return [failure for failure in found if failure]
        return []


def _asked(request: ChangeSetRequest) -> dict[str, Any]:
    """The arguments of CreateChangeSet; empty ones are left out, so that AWS's default applies."""
    given: dict[str, Any] = {
        "StackName": request.stack_name,
        "ChangeSetName": request.name,
        "ChangeSetType": request.type,
        "TemplateBody": request.template,
        "TemplateURL": request.template_url,
        "UsePreviousTemplate": request.previous_template,
        "Capabilities": list(request.capabilities),
        "RoleARN": request.role_arn,
        "ClientToken": request.token,
        "Description": request.description,
        "ResourcesToImport": [_imported(row) for row in request.imports],
        "DeploymentMode": "REVERT_DRIFT" if request.revert_drift else None,
        "DeploymentConfig": _express(request) if request.express else None,
        "OnStackFailure": request.on_failure,
    }
    asked = {name: value for name, value in given.items() if value}
    asked["Parameters"] = _parameters(request)
    # Sent even if empty: without them CloudFormation keeps the tags and topics that the stack has.
    asked["Tags"] = tag_rows(request.tags)
    asked["NotificationARNs"] = list(request.notification_arns)
    return asked


def _express(request: ChangeSetRequest) -> dict[str, Any]:
    # DO_NOTHING means the same as DisableRollback (API reference of CreateChangeSet).
    keep = request.disable_rollback or request.on_failure == "DO_NOTHING"
    return {"Mode": "EXPRESS", "DisableRollback": keep}


def _parameters(request: ChangeSetRequest) -> list[dict[str, Any]]:
    given: list[dict[str, Any]] = [
        {"ParameterKey": name, "ParameterValue": value} for name, value in request.parameters.items()
    ]
    # Also for NoEcho parameters, whose values AWS does not return.
    kept: list[dict[str, Any]] = [
        {"ParameterKey": name, "UsePreviousValue": True} for name in request.previous_parameters
    ]
    return given + kept


def _imported(row: Any) -> Mapping[str, Any]:
    return {
        "LogicalResourceId": row.logical_id,
        "ResourceType": row.type,
        "ResourceIdentifier": dict(row.identifier),
    }
