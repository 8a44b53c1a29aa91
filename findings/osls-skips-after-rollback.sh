#!/usr/bin/env bash
# One would expect: after a deployment that failed and was rolled back, the same `osls deploy` again tries again, or fails again; "no changes" is said
#   only where the stack is what the service describes. osls has a check for that: a function that is older than the uploaded files.
# What happens: where the failed deployment had changed a function too, the second deploy says "No changes to deploy. Deployment skipped." and ends
#   with 0. The files of the failed one are in the bucket and equal the local ones; and the rollback, which gave the function its old settings back,
#   made it newer than the files, so that the check sees a deployment that ended well. It works for a function that the rollback did not touch.
# Why it matters: a database that was refused for a passing reason (capacity, a quota, a subnet) is "deployed" by the retry of the pipeline; the new
#   function settings are missing as well. Only --force, or any further change, helps.
# Version and source: osls 4.3.1 (npm), lib/plugins/aws/deploy/lib/check-for-changes.js; the stand-in for AWS is ministack 1.5.33 (PyPI).
set -euo pipefail
folder=$(mktemp -d); server=""
trap '[ -z "$server" ] || { kill "$server"; wait "$server"; } 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check ministack==1.5.33 boto3==1.43.106 2>/dev/null
echo '{"private": true}' > package.json
npm install --silent --no-audit --no-fund osls@4.3.1 >/dev/null 2>&1
port=$(env/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
GATEWAY_PORT=$port BIND_HOST=127.0.0.1 DOCKER_HOST=unix:///nonexistent env/bin/ministack > log 2>&1 & server=$!
for _ in $(seq 150); do (: < "/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.2; done
export AWS_ENDPOINT_URL="http://127.0.0.1:$port" AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=eu-west-1 NODE_NO_WARNINGS=1
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test SLS_TELEMETRY_DISABLED=1
echo 'exports.handler = async () => "orders";' > orders.js
refused='Group: {Type: AWS::RDS::DBSubnetGroup, DependsOn: OrdersLambdaFunction, Properties: {DBSubnetGroupDescription: orders, SubnetIds: [subnet-0]}}'
service() {  # service LEVEL RESOURCE: writes the service with this setting of its function and this further resource
  cat > serverless.yml <<YAML
service: orders
provider: {name: aws, region: eu-west-1, runtime: nodejs20.x, environment: {LEVEL: $1}}
package: {patterns: ["!**", orders.js]}
functions: {orders: {handler: orders.handler}}
resources:
  Resources:
    Db: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-postgresql, MasterUsername: app, ManageMasterUserPassword: true}}
    $2
YAML
}
deployed() {  # deployed WHAT [OPTION]: deploys, prints what was said, the exit code, and what is true afterwards
  code=0
  said=$(npx osls deploy ${2:-} 2>&1) || code=$?
  state=$(env/bin/python -c '
import boto3
level = boto3.client("lambda").get_function_configuration(FunctionName="orders-dev-orders")["Environment"]["Variables"]["LEVEL"]
print(boto3.client("cloudformation").describe_stacks(StackName="orders-dev")["Stacks"][0]["StackStatus"], "LEVEL", level)')
  echo "$1: exit code $code; $(grep -oE 'Service deployed|failed to deploy|No changes to deploy[^(]*' <<< "$said" | head -1); $state"
}
echo "osls $(node -p 'require("osls/package.json").version')"
{
  service one ""; deployed "1 first"
  service two "$refused"; deployed "2 function and database changed"; deployed "3 the same again"; deployed "4 with --force" --force
} | tee out
grep -q '^2.*exit code 1; failed.*ROLLBACK_COMPLETE LEVEL one' out && grep -q '^3.*exit code 0; No changes.*ROLLBACK_COMPLETE LEVEL one' out &&
  grep -q '^4.*exit code 1; failed' out || { echo "the behaviour has changed"; exit 1; }
