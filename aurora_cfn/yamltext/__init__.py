"""YAML text to values and back; the only package that imports PyYAML."""

from aurora_cfn.yamltext.edit import with_setting, with_values
from aurora_cfn.yamltext.reader import MAX_BYTES, Document, decode, read_plain, read_template, read_with_faults
from aurora_cfn.yamltext.resolve import resolved
from aurora_cfn.yamltext.scalars import with_yaml_escapes
from aurora_cfn.yamltext.writer import write_plain, write_template

__all__ = [
    "MAX_BYTES",
    "Document",
    "decode",
    "read_plain",
    "read_template",
    "read_with_faults",
    "resolved",
    "with_setting",
    "with_values",
    "with_yaml_escapes",
    "write_plain",
    "write_template",
]
