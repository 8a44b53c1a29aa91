"""What CloudFormation does and ministack 1.5.33 does not: refusals, change sets and operations, in AWS's words.

Each module wraps functions of ministack, so that a later version that refuses by itself simply refuses first.

    requests     a request is refused before anything is created: parameters, references, states
    change_sets  first change sets, changes of outputs alone, property values before and after
    text_values  bare booleans and numbers where a template needs text
    operations   reasons of events, exports in use, stack policies, updates of a stack left as it failed
    replacing    how a function that several of ministack's modules imported is replaced
"""

from __future__ import annotations


def install() -> None:
    """Put all of them in place."""
    from aurora_cfn.local.cloudformation import change_sets, operations, requests, text_values

    for module in (text_values, requests, operations, change_sets):
        module.install()
