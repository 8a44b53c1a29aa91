"""What CloudFormation does and ministack 1.5.33 does not: refusals, change sets and operations, in AWS's words.

Each module wraps functions of ministack, so that a later version that refuses by itself simply refuses first.

    template_reading  addresses in S3, libyaml, bare booleans and numbers, text functions in conditions
    requests     a request is refused before anything is created: parameters, references, format
    operation_limits  ResourceTypes, TimeoutInMinutes and RollbackConfiguration
    refusals     a request that does not fit the state of its stack, a name of a stack that is not there, a retry
    template_format  what every template has to look like
    template_summaries  ValidateTemplate and GetTemplateSummary: defaults, constraints
    change_sets  first change sets, changes of outputs alone, property values before and after
    stack_details what is shown of a stack: SSM parameters, topics, role, times, parents of nested stacks
    untouched    resources and properties that an update does not change
    stack_events  what is recorded of an operation: created, updated and deleted resources, and the reasons
    operations   exports in use, stack policies, updates of a stack left as it failed
    drift        databases are compared too, and what is not compared is named; databases that exist are imported
    refactors    resources get another logical id or another stack, and keep their names
    records      stacks and change sets of a request, answers as XML
"""

from __future__ import annotations


def install() -> None:
    """Put all of them in place."""
    from aurora_cfn.local.cloudformation import (
        change_sets,
        drift,
        operation_limits,
        operations,
        refactors,
        refusals,
        requests,
        stack_details,
        stack_events,
        template_reading,
        template_summaries,
        untouched,
    )

    for module in (
        template_reading, requests, stack_events, operations, operation_limits, change_sets, stack_details, refusals,
        template_summaries, untouched, drift, refactors,
    ):  # fmt: skip
        module.install()
