"""What CloudFormation does and ministack 1.5.33 does not: refusals, change sets and operations, in AWS's words.

Each module wraps functions of ministack, so that a later version that refuses by itself simply refuses first.

    requests     a request is refused before anything is created: parameters, references, states
    change_sets  first change sets, changes of outputs alone, property values before and after
    template_urls where a template lies in S3: the bucket may be in the host name
    template_reader  templates are read with libyaml
    text_values  bare booleans and numbers where a template needs text
    stack_details what is shown of a stack: SSM parameters, topics, role; change sets of a stack that was rolled back
    untouched    resources that an update does not change
    unchanged_properties  properties that keep their value although a parameter in them changes
    operations   reasons of events, exports in use, stack policies, updates of a stack left as it failed
    drift        databases are compared too, and what is not compared is named
    refactors    resources get another logical id or another stack
    generated_names  a resource keeps its name in a refactor
    imports      databases that exist are imported
    records      stacks and change sets of a request, answers as XML
    replacing    how a function that several of ministack's modules imported is replaced
"""

from __future__ import annotations


def install() -> None:
    """Put all of them in place."""
    from aurora_cfn.local.cloudformation import (
        change_sets,
        drift,
        generated_names,
        imports,
        operations,
        refactors,
        requests,
        stack_details,
        template_reader,
        template_urls,
        text_values,
        unchanged_properties,
        untouched,
    )

    for module in (
        template_reader, text_values, template_urls, requests, operations, change_sets, stack_details, untouched,
        unchanged_properties, drift, imports, refactors, generated_names,
    ):  # fmt: skip
        module.install()
