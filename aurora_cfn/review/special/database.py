"""Serverless capacity: what a new minimum or maximum means beside its cost."""

from __future__ import annotations

from aurora_cfn.model.change import Effect, Verdict
from aurora_cfn.review.special.context import Context


def scaling(context: Context) -> Effect | None:
    """MinCapacity from and to 0 (pausing), MaxCapacity (parameters that follow it after a reboot).

    Source: descriptions in the schema of AWS::RDS::DBCluster; Aurora User Guide, automatic pause and resume.
    """
    keys, difference = context.difference.keys, context.difference
    if len(keys) != 2 or keys[0] != "ServerlessV2ScalingConfiguration":
        return None
    if keys[1] == "MaxCapacity":
        sentence = "scales without interruption; max_connections follows the new maximum only after a reboot"
        return Effect(Verdict.IN_PLACE, sentence)
    if keys[1] == "MinCapacity" and difference.after == "0":
        sentence = "the database pauses when idle; the first connection afterwards waits 15 to 30 seconds"
        return Effect(Verdict.IN_PLACE, sentence, way_out="give clients a connect timeout over 30 seconds")
    if keys[1] == "MinCapacity" and difference.before == "0":
        return Effect(Verdict.IN_PLACE, "the database does not pause any more and costs its minimum all day")
    return Effect(Verdict.IN_PLACE, "scales without interruption")
