"""The code of functions: the two parameters that `aurora-cfn package` and `deploy` fill in, and the rule for them."""

from __future__ import annotations

from troposphere import Ref
from troposphere.awslambda import Code

from aurora_cfn.blueprint import ParameterGroup
from aurora_cfn.model.value import Value
from aurora_cfn.parameters import Parameter

NOT_UPLOADED = "not-uploaded"
"""The default of both: a rule refuses it and says what to do, where a value without a default would only be missing."""

_PARAMETERS = (
    Parameter(
        "CodeBucket",
        "Bucket with the code of the functions. `aurora-cfn deploy` fills it in from `bucket:` of the params file.",
        default=NOT_UPLOADED, group="Code", pattern="^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
        constraint="the name of a bucket",
    ),
    Parameter(
        "CodeKey",
        "Key of the code in the bucket, which holds the code's hash. `aurora-cfn deploy` builds, uploads and fills it"
        " in; `aurora-cfn package` does that alone.",
        default=NOT_UPLOADED, group="Code", max_length=1024,
    ),
)  # fmt: skip

_RULES: dict[str, Value] = {
    "CodeIsUploaded": {
        "Assertions": [
            {
                "Assert": {"Fn::Not": [{"Fn::Equals": [{"Ref": name}, NOT_UPLOADED]}]},
                "AssertDescription": f"{name} is missing: `aurora-cfn package` uploads the code and prints it",
            }
            for name in ("CodeBucket", "CodeKey")
        ]
    }
}


CODE_GROUP = ParameterGroup(_PARAMETERS, rules=_RULES)


def code() -> Code:
    """The zip file that both parameters name."""
    return Code(S3Bucket=Ref("CodeBucket"), S3Key=Ref("CodeKey"))
