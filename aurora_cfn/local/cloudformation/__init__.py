"""CloudFormation's refusals: what ministack 1.5.33 lets pass, or words differently, is refused here as AWS does it.

Each module wraps one function of ministack, so that a later version that learns to refuse simply refuses first.
"""

from __future__ import annotations


def install() -> None:
    """Put all of them in place."""
    from aurora_cfn.local.strict import (
        actions,
        events,
        exports,
        forward,
        outputs,
        parameters,
        policy,
        references,
        shells,
        values,
    )

    for module in (parameters, references, exports, policy, events, forward, shells, actions, values, outputs):
        module.install()
