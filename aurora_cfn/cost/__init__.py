"""What stacks cost a month, by their templates, values and dated list prices: a range, a curve, a comparison."""

from aurora_cfn.cost.context import CostedStack
from aurora_cfn.cost.estimation import cost_change, curve, estimate

__all__ = ["CostedStack", "cost_change", "curve", "estimate"]
