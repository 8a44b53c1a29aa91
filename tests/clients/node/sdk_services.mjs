import { deepEqual, equal, ok } from "node:assert/strict";
import * as cloudwatchApi from "@aws-sdk/client-cloudwatch";
import * as logsApi from "@aws-sdk/client-cloudwatch-logs";
import * as s3Api from "@aws-sdk/client-s3";
import * as ssmApi from "@aws-sdk/client-ssm";
import * as stsApi from "@aws-sdk/client-sts";
import { refused, run } from "./cases.mjs";

const s3 = new s3Api.S3Client({ forcePathStyle: true });
const [ssm, logs, cloudwatch, sts] = [new ssmApi.SSMClient({}), new logsApi.CloudWatchLogsClient({}), new cloudwatchApi.CloudWatchClient({}), new stsApi.STSClient({})];
const Bucket = "sdk-services";
const collect = async (pages, key) => {
  const found = [];
  for await (const page of pages) found.push(...(page[key] ?? []));
  return found;
};

await run([
  ["sts", "who calls; a role that is not there", async () => {
    const { Account } = await sts.send(new stsApi.GetCallerIdentityCommand({}));
    equal(Account.length, 12);
    const role = new stsApi.AssumeRoleCommand({ RoleArn: `arn:aws:iam::${Account}:role/nothing`, RoleSessionName: "sdk" });
    await refused(() => sts.send(role), "AccessDenied");
  }],
  ["s3", "a bucket with its waiter; objects with metadata; pages of 1,200", async () => {
    await s3.send(new s3Api.CreateBucketCommand({ Bucket }));
    await s3Api.waitUntilBucketExists({ client: s3, maxWaitTime: 20, minDelay: 1 }, { Bucket });
    await s3.send(new s3Api.PutObjectCommand({ Bucket, Key: "a b/ä.txt", Body: "text", Metadata: { k: "v" }, ContentType: "text/plain" }));
    const found = await s3.send(new s3Api.GetObjectCommand({ Bucket, Key: "a b/ä.txt" }));
    deepEqual([await found.Body.transformToString(), found.Metadata, found.ContentType], ["text", { k: "v" }, "text/plain"]);
    for (let start = 0; start < 1200; start += 100) await Promise.all(Array.from({ length: 100 }, (_, n) => s3.send(new s3Api.PutObjectCommand({ Bucket, Key: `many/${start + n}`, Body: "" }))));
    equal((await collect(s3Api.paginateListObjectsV2({ client: s3 }, { Bucket, Prefix: "many/" }), "Contents")).length, 1200);
  }],
  ["s3", "parts of an upload; a missing key is NoSuchKey", async () => {
    const Key = "parts";
    const { UploadId } = await s3.send(new s3Api.CreateMultipartUploadCommand({ Bucket, Key }));
    const bodies = ["x".repeat(5 * 2 ** 20), "y"];
    const Parts = [];
    for (const [n, Body] of bodies.entries()) Parts.push({ PartNumber: n + 1, ETag: (await s3.send(new s3Api.UploadPartCommand({ Bucket, Key, UploadId, PartNumber: n + 1, Body }))).ETag });
    await s3.send(new s3Api.CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
    equal((await s3.send(new s3Api.HeadObjectCommand({ Bucket, Key }))).ContentLength, 5 * 2 ** 20 + 1);
    await refused(() => s3.send(new s3Api.GetObjectCommand({ Bucket, Key: "nothing" })), "NoSuchKey");
  }],
  ["ssm", "parameters by path, in pages; their history", async () => {
    for (let n = 0; n < 25; n++) await ssm.send(new ssmApi.PutParameterCommand({ Name: `/sdk/services/${n}`, Value: `${n}`, Type: "String" }));
    equal((await collect(ssmApi.paginateGetParametersByPath({ client: ssm }, { Path: "/sdk/services", Recursive: true }), "Parameters")).length, 25);
    await ssm.send(new ssmApi.PutParameterCommand({ Name: "/sdk/services/0", Value: "new", Type: "String", Overwrite: true }));
    deepEqual((await collect(ssmApi.paginateGetParameterHistory({ client: ssm }, { Name: "/sdk/services/0" }), "Parameters")).map((row) => row.Value), ["0", "new"]);
    await refused(() => ssm.send(new ssmApi.GetParameterCommand({ Name: "/sdk/none" })), "ParameterNotFound");
    await refused(() => ssm.send(new ssmApi.PutParameterCommand({ Name: "/sdk/services/0", Value: "x", Type: "String" })), "ParameterAlreadyExists");
  }],
  ["logs", "events are put, filtered and read", async () => {
    const [logGroupName, logStreamName] = ["/sdk/services", "one"];
    await logs.send(new logsApi.CreateLogGroupCommand({ logGroupName }));
    await logs.send(new logsApi.CreateLogStreamCommand({ logGroupName, logStreamName }));
    const now = Date.now();
    const logEvents = Array.from({ length: 200 }, (_, n) => ({ timestamp: now + n, message: `${n % 2 ? "odd" : "even"} ${n}` }));
    await logs.send(new logsApi.PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    equal((await collect(logsApi.paginateFilterLogEvents({ client: logs }, { logGroupName, filterPattern: "odd" }), "events")).length, 100);
    equal((await logs.send(new logsApi.GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true, limit: 3 }))).events[2].message, "even 2");
    await logs.send(new logsApi.PutRetentionPolicyCommand({ logGroupName, retentionInDays: 7 }));
    equal((await logs.send(new logsApi.DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }))).logGroups[0].retentionInDays, 7);
    await refused(() => logs.send(new logsApi.CreateLogGroupCommand({ logGroupName })), "ResourceAlreadyExistsException");
  }],
  ["cloudwatch", "data go in and come back; an alarm and its state", async () => {
    const at = new Date(Math.floor(Date.now() / 60000) * 60000 - 60000);
    await cloudwatch.send(new cloudwatchApi.PutMetricDataCommand({ Namespace: "sdk", MetricData: [1, 3].map((Value) => ({ MetricName: "m", Timestamp: at, Value })) }));
    const query = { Id: "q", MetricStat: { Metric: { Namespace: "sdk", MetricName: "m" }, Period: 60, Stat: "Average" } };
    const { MetricDataResults } = await cloudwatch.send(new cloudwatchApi.GetMetricDataCommand({ MetricDataQueries: [query], StartTime: new Date(at - 300000), EndTime: new Date(+at + 300000) }));
    deepEqual(MetricDataResults[0].Values, [2]);
    const AlarmName = "sdk-alarm";
    await cloudwatch.send(new cloudwatchApi.PutMetricAlarmCommand({ AlarmName, Namespace: "sdk", MetricName: "m", Statistic: "Average", Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: "GreaterThanThreshold" }));
    await cloudwatch.send(new cloudwatchApi.SetAlarmStateCommand({ AlarmName, StateValue: "ALARM", StateReason: "a test" }));
    equal((await cloudwatch.send(new cloudwatchApi.DescribeAlarmsCommand({ AlarmNames: [AlarmName] }))).MetricAlarms[0].StateValue, "ALARM");
    await cloudwatch.send(new cloudwatchApi.DeleteAlarmsCommand({ AlarmNames: [AlarmName] }));
  }],
]);
