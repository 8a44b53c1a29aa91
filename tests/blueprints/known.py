"""What params files see of every blueprint: rendered once for all tests of a process."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from aurora_cfn.blueprints import BLUEPRINTS
from aurora_cfn.render import summaries
from aurora_cfn.template.summary import TemplateSummary

KNOWN: Mapping[str, TemplateSummary] = MappingProxyType(summaries(BLUEPRINTS))
