import { deepEqual, equal, ok } from "node:assert/strict";
import * as cfn from "@aws-sdk/client-cloudformation";
import * as rdsApi from "@aws-sdk/client-rds";
import * as secretsApi from "@aws-sdk/client-secrets-manager";
import { address, refused, run } from "./cases.mjs";

const cloudformation = new cfn.CloudFormationClient({});
const rds = new rdsApi.RDSClient({});
const secrets = new secretsApi.SecretsManagerClient({});
const parameter = (name, value = "v") => ({ Type: "AWS::SSM::Parameter", Properties: { Name: `/sdk/${name}`, Type: "String", Value: value } });
const body = (resources, more = {}) => JSON.stringify({ Resources: resources, ...more });
const patience = { client: cloudformation, maxWaitTime: 60, minDelay: 1, maxDelay: 1 };
const send = (command) => cloudformation.send(command);
const StackName = "sdk-stack";
const collect = async (pages, key) => {
  const found = [];
  for await (const page of pages) found.push(...page[key]);
  return found;
};

await run([
  ["stacks", "create, with the waiter; outputs", async () => {
    await send(new cfn.CreateStackCommand({ StackName, TemplateBody: body({ A: parameter("a"), B: parameter("b") }, { Outputs: { O: { Value: { Ref: "A" } } } }), ClientRequestToken: "one" }));
    equal((await cfn.waitUntilStackCreateComplete(patience, { StackName })).state, "SUCCESS");
    deepEqual((await send(new cfn.DescribeStacksCommand({ StackName }))).Stacks[0].Outputs.map((row) => row.OutputValue), ["/sdk/a"]);
  }],
  ["stacks", "a retry with the same ClientRequestToken makes no second stack", async () => {
    const again = await send(new cfn.CreateStackCommand({ StackName, TemplateBody: body({ A: parameter("a"), B: parameter("b") }), ClientRequestToken: "one" }));
    equal(again.StackId, (await send(new cfn.DescribeStacksCommand({ StackName }))).Stacks[0].StackId);
  }],
  ["change sets", "create, with the waiter; describe; execute", async () => {
    await send(new cfn.CreateChangeSetCommand({ StackName, ChangeSetName: "two", TemplateBody: body({ A: parameter("a", "w"), C: parameter("c") }) }));
    await cfn.waitUntilChangeSetCreateComplete(patience, { StackName, ChangeSetName: "two" });
    const { Changes } = await send(new cfn.DescribeChangeSetCommand({ StackName, ChangeSetName: "two" }));
    deepEqual(Changes.map(({ ResourceChange: row }) => [row.Action, row.LogicalResourceId]), [["Modify", "A"], ["Remove", "B"], ["Add", "C"]]);
    await send(new cfn.ExecuteChangeSetCommand({ StackName, ChangeSetName: "two", ClientRequestToken: "two" }));
    await cfn.waitUntilStackUpdateComplete(patience, { StackName });
  }],
  ["events", "an update says what it created, updated and deleted", async () => {
    const { StackEvents } = await send(new cfn.DescribeStackEventsCommand({ StackName }));
    const of = StackEvents.filter((row) => row.ClientRequestToken === "two").map((row) => `${row.LogicalResourceId} ${row.ResourceStatus}`).reverse();
    for (const expected of ["A UPDATE_COMPLETE", "C CREATE_IN_PROGRESS", "C CREATE_COMPLETE", `${StackName} UPDATE_COMPLETE_CLEANUP_IN_PROGRESS`, "B DELETE_COMPLETE", `${StackName} UPDATE_COMPLETE`]) ok(of.includes(expected), `${expected}: ${of}`);
  }],
  ["change sets", "without changes: the waiter fails with the reason", async () => {
    await send(new cfn.CreateChangeSetCommand({ StackName, ChangeSetName: "none", TemplateBody: body({ A: parameter("a", "w"), C: parameter("c") }) }));
    await refused(() => cfn.waitUntilChangeSetCreateComplete(patience, { StackName, ChangeSetName: "none" }), "FAILED");
    ok((await send(new cfn.DescribeChangeSetCommand({ StackName, ChangeSetName: "none" }))).StatusReason.includes("didn't contain changes"));
  }],
  ["stacks", "an update that fails is rolled back: the waiter says so", async () => {
    const wrong = { ...parameter("x"), Properties: { Name: "/sdk/x", Type: "String", Value: { "Fn::ImportValue": "sdk-nothing" } } };
    await send(new cfn.UpdateStackCommand({ StackName, TemplateBody: body({ A: parameter("a", "z"), C: parameter("c"), X: wrong }) }));
    await refused(() => cfn.waitUntilStackUpdateComplete(patience, { StackName }), "FAILURE");
    equal((await cfn.waitUntilStackRollbackComplete(patience, { StackName })).state, "SUCCESS");
    const rows = (await send(new cfn.DescribeStackEventsCommand({ StackName }))).StackEvents;
    ok(rows.some((row) => row.LogicalResourceId === "X" && row.ResourceStatus === "CREATE_FAILED"));
  }],
  ["errors", "the exceptions as classes", async () => {
    const template = body({ A: parameter("e") });
    for (const [command, words] of [
      [new cfn.CreateStackCommand({ StackName, TemplateBody: template }), "AlreadyExistsException"],
      [new cfn.UpdateStackCommand({ StackName: "sdk-none", TemplateBody: template }), "Stack [sdk-none] does not exist"],
      [new cfn.DescribeStackResourcesCommand({ StackName: "sdk-none" }), "Stack with id sdk-none does not exist"],
      [new cfn.DescribeChangeSetCommand({ StackName, ChangeSetName: "sdk-none" }), "ChangeSetNotFound"],
      [new cfn.CreateStackCommand({ StackName: "sdk-role", TemplateBody: body({ R: { Type: "AWS::IAM::Role", Properties: { AssumeRolePolicyDocument: {} } } }) }), "InsufficientCapabilitiesException"],
      [new cfn.CreateStackCommand({ StackName: "1-x", TemplateBody: template }), "failed to satisfy constraint"],
      [new cfn.ValidateTemplateCommand({ TemplateBody: body({ A: { Properties: {} } }) }), "must contain a Type member"],
    ]) await refused(() => send(command), words);
  }],
  ["pages", "paginators over 130 stacks, their events and resources", async () => {
    const names = Array.from({ length: 130 }, (_, n) => `sdk-many-${n}`);
    await Promise.all(names.map((name) => send(new cfn.CreateStackCommand({ StackName: name, TemplateBody: body({ A: parameter(name) }) }))));
    const config = { client: cloudformation };
    const found = await collect(cfn.paginateDescribeStacks(config, {}), "Stacks");
    equal(found.filter((row) => row.StackName.startsWith("sdk-many-")).length, 130);
    ok((await collect(cfn.paginateListStacks(config, {}), "StackSummaries")).length >= 130);
    await send(new cfn.CreateStackCommand({ StackName: "sdk-large", TemplateBody: body(Object.fromEntries(names.map((name, n) => [`R${n}`, parameter(`l${n}`)]))) }));
    await cfn.waitUntilStackCreateComplete(patience, { StackName: "sdk-large" });
    ok((await collect(cfn.paginateDescribeStackEvents(config, { StackName: "sdk-large" }), "StackEvents")).length > 260);
    equal((await collect(cfn.paginateListStackResources(config, { StackName: "sdk-large" }), "StackResourceSummaries")).length, 130);
    await Promise.all([...names, "sdk-large"].map((name) => send(new cfn.DeleteStackCommand({ StackName: name }))));
  }],
  ["rds", "describe, snapshot with its waiter, paginators", async () => {
    const DBClusterIdentifier = address.resourceArn.split(":").pop();
    await rdsApi.waitUntilDBClusterAvailable({ client: rds, maxWaitTime: 30, minDelay: 1 }, { DBClusterIdentifier });
    const DBClusterSnapshotIdentifier = "sdk-snapshot";
    await rds.send(new rdsApi.CreateDBClusterSnapshotCommand({ DBClusterIdentifier, DBClusterSnapshotIdentifier }));
    await rdsApi.waitUntilDBClusterSnapshotAvailable({ client: rds, maxWaitTime: 30, minDelay: 1 }, { DBClusterSnapshotIdentifier });
    equal((await collect(rdsApi.paginateDescribeDBClusterSnapshots({ client: rds }, { DBClusterIdentifier }), "DBClusterSnapshots")).filter((row) => row.DBClusterSnapshotIdentifier === DBClusterSnapshotIdentifier).length, 1);
    await rds.send(new rdsApi.DeleteDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier }));
    await rdsApi.waitUntilDBClusterSnapshotDeleted({ client: rds, maxWaitTime: 30, minDelay: 1 }, { DBClusterSnapshotIdentifier });
    await refused(() => rds.send(new rdsApi.DescribeDBClustersCommand({ DBClusterIdentifier: "nothing" })), "DBClusterNotFoundFault");
    equal((await rds.send(new rdsApi.DescribeDBClusterEndpointsCommand({ DBClusterIdentifier }))).DBClusterEndpoints[0].EndpointType, "WRITER");
  }],
  ["secrets", "create, versions, restore", async () => {
    const SecretId = "sdk/secret";
    await secrets.send(new secretsApi.CreateSecretCommand({ Name: SecretId, SecretString: "one", Tags: [{ Key: "k", Value: "v" }] }));
    await secrets.send(new secretsApi.PutSecretValueCommand({ SecretId, SecretString: "two" }));
    equal((await secrets.send(new secretsApi.GetSecretValueCommand({ SecretId, VersionStage: "AWSPREVIOUS" }))).SecretString, "one");
    await secrets.send(new secretsApi.DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
    await refused(() => secrets.send(new secretsApi.GetSecretValueCommand({ SecretId })), "InvalidRequestException");
    await secrets.send(new secretsApi.RestoreSecretCommand({ SecretId }));
    await secrets.send(new secretsApi.DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
    await refused(() => secrets.send(new secretsApi.GetSecretValueCommand({ SecretId })), "ResourceNotFoundException");
  }],
  ["stacks", "delete, with the waiter", async () => {
    await send(new cfn.DeleteStackCommand({ StackName }));
    equal((await cfn.waitUntilStackDeleteComplete(patience, { StackName })).state, "SUCCESS");
  }],
]);
