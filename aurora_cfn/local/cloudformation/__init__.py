"""What CloudFormation does and ministack 1.5.33 does not: refusals, change sets and operations, in AWS's words.

Each module wraps functions of ministack, so that a later version that refuses by itself simply refuses first.

    template_reading  addresses in S3, libyaml, bare booleans and numbers, text functions in conditions
    requests     a request is refused before anything is created: parameters, references, states
    change_sets  first change sets, changes of outputs alone, property values before and after
    stack_details what is shown of a stack: SSM parameters, topics, role; change sets of a stack that was rolled back
    untouched    resources and properties that an update does not change
    operations   reasons of events, exports in use, stack policies, updates of a stack left as it failed
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
        operations,
        refactors,
        requests,
        stack_details,
        template_reading,
        untouched,
    )

    for module in (
        template_reading, requests, operations, change_sets, stack_details, untouched, drift, refactors,
    ):  # fmt: skip
        module.install()
