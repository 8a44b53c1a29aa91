#!/usr/bin/env bash
# One would expect: `aws cloudformation package` replaces local paths by addresses in S3 and leaves every other value as it
#   is; with no local path in the template it changes nothing but the layout.
# What happens: it reads the file as YAML 1.1 and writes the values that it understood. An account id without quotes that
#   begins with 0 and has no 8 or 9 is read as an octal number and becomes another number; one with an 8 or 9 stays. A time
#   such as 1:30 becomes 90, and a parameter that is named On becomes one that is named true.
# Why it matters: what is deployed is not what was reviewed, and only for some account ids: the template worked for every
#   account until the first whose id is of that kind. The exit code is 0 and nothing is said.
# Version and source: awscli 1.46.3 (PyPI).
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check awscli==1.46.3 2>/dev/null
cat > template.yaml <<'YAML'
Parameters:
  TrustedAccount: {Type: String, Default: 012345670123}
  OtherAccount: {Type: String, Default: 012345678901}
  WakeAfter: {Type: String, Default: 1:30}
  On: {Type: String, Default: "yes"}
Resources:
  Handle:
    Type: AWS::CloudFormation::WaitConditionHandle
YAML
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_EC2_METADATA_DISABLED=true
env/bin/aws --version
code=0; env/bin/aws cloudformation package --region eu-west-1 --s3-bucket unused --template-file template.yaml > packaged.yaml || code=$?
echo "exit code $code; the parameters as they were, and as they are written:"
sed -n 2,5p template.yaml; sed -n '/^Parameters/,/^Resources/p' packaged.yaml | sed 1d | sed '$d'
for line in 'Default: 1402433619' 'Default: 012345678901' 'Default: 90' '^  true:'; do
  grep -q "$line" packaged.yaml || { echo "the behaviour has changed: no $line"; exit 1; }
done
[ "$code" = 0 ]
