"""What stacks cost a month: from their templates, values and dated list prices to a range, a curve and a comparison."""

from aurora_cfn.cost.context import CostedStack
from aurora_cfn.cost.estimation import cost_change, curve, estimate

__all__ = ["CostedStack", "cost_change", "curve", "estimate"]
