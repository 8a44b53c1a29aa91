// Where the PostgreSQL cluster is, its master's password, tokens, and how its writer reboots.
import { readFileSync } from "node:fs";
import { RDSClient, DescribeDBClustersCommand, RebootDBInstanceCommand } from "@aws-sdk/client-rds";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { Signer } from "@aws-sdk/rds-signer";
import { address } from "./cases.mjs";

export const ca = readFileSync(process.env.LOCAL_CA, "utf8");
export async function secret() {
  const { SecretString } = await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: address.secretArn }));
  return JSON.parse(SecretString);
}
const { username: user, password } = await secret();
export const where = { host: process.env.DATABASE_HOST, port: Number(process.env.DATABASE_PORT), database: process.env.DATABASE, user, password, ssl: { ca } };
export const token = (username) =>
  new Signer({ hostname: where.host, port: where.port, username, region: process.env.AWS_REGION }).getAuthToken();
export async function reboot() {
  const rds = new RDSClient({});
  const name = address.resourceArn.split(":").pop();
  const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: name }));
  const writer = DBClusters[0].DBClusterMembers.find((row) => row.IsClusterWriter).DBInstanceIdentifier;
  await rds.send(new RebootDBInstanceCommand({ DBInstanceIdentifier: writer }));
}
