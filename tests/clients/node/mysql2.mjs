import { deepEqual, equal, ok } from "node:assert/strict";
import { readFileSync } from "node:fs";
import mysql from "mysql2/promise";
import { Signer } from "@aws-sdk/rds-signer";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { refused, run } from "./cases.mjs";

const { SecretString } = await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: process.env.AURORA_MYSQL_SECRET_ARN }));
const { username: user, password } = JSON.parse(SecretString);
const host = process.env.AURORA_MYSQL_ADDRESS;
const port = Number(process.env.AURORA_MYSQL_PORT);
const where = { host, port, database: process.env.AURORA_MYSQL_DATABASE, ssl: { ca: readFileSync(process.env.LOCAL_CA, "utf8") } };
const pool = mysql.createPool({ ...where, user, password, connectionLimit: 5 });
const value = async (sql, given) => Object.values((await pool.query(sql, given))[0][0])[0];

await run([
  ["connection", "verified TLS with the password of the secret", async () => ok((await pool.query("show status like 'Ssl_version'"))[0][0].Value.startsWith("TLS"))],
  ["connection", "a pool in parallel", async () => deepEqual(await Promise.all([1, 2, 3, 4, 5, 6].map((n) => value("select ? as n", [n]))), [1, 2, 3, 4, 5, 6])],
  ["tokens", "an IAM token over TLS", async () => {
    await pool.query("drop user if exists noded");
    await pool.query("create user noded identified with AWSAuthenticationPlugin as 'RDS'");
    const token = await new Signer({ hostname: host, port, username: "noded", region: process.env.AWS_REGION }).getAuthToken();
    const given = { ...where, database: undefined, user: "noded", authPlugins: { mysql_clear_password: () => () => Buffer.from(`${token}\0`) } };
    const connection = await mysql.createConnection(given);
    equal((await connection.query("select substring_index(current_user(), '@', 1) as u"))[0][0].u, "noded");
    await connection.end();
  }],
  ["types", "text and prepared statements", async () => {
    await pool.query("drop table if exists node_rows");
    await pool.query("create table node_rows (id int auto_increment primary key, name varchar(20), n bigint, d decimal(10, 2), f double, seen datetime, data json, raw varbinary(9))");
    const given = ["ä€😀", 5, "1.50", 0.5, "2026-02-03 10:11:12", '{"a": 1}', Buffer.from([0, 255])];
    for (const how of ["query", "execute"]) {
      const [done] = await pool[how]("insert into node_rows (name, n, d, f, seen, data, raw) values (?, ?, ?, ?, ?, ?, ?)", given);
      const [rows] = await pool[how]({ sql: "select name, n, d, f, seen, cast(data as char) as data, raw from node_rows where id = ?", dateStrings: true }, [done.insertId]);
      deepEqual(Object.values(rows[0]), given);
    }
  }],
  ["nulls", "nulls", async () => deepEqual(Object.values((await pool.execute("select ? as a, null as b", [null]))[0][0]), [null, null])],
  ["transactions", "rollback and commit", async () => {
    const connection = await pool.getConnection();
    for (const [end, expected] of [["rollback", 0], ["commit", 1]]) {
      await connection.beginTransaction();
      await connection.query("insert into node_rows (name) values ('t')");
      await connection[end]();
      equal(await value("select count(*) from node_rows where name = 't'"), expected);
    }
    connection.release();
  }],
  ["savepoints", "rollback to a savepoint", async () => {
    const connection = await pool.getConnection();
    await connection.beginTransaction();
    await connection.query("savepoint one");
    await refused(() => connection.query("insert into node_rows (id) values (1)"), "ER_DUP_ENTRY");
    await connection.query("rollback to savepoint one");
    await connection.commit();
    connection.release();
  }],
  ["batch", "many rows at once", async () => equal((await pool.query("insert into node_rows (name) values ?", [Array.from({ length: 3000 }, (_, i) => [`b${i}`])]))[0].affectedRows, 3000)],
  ["big results", "thirty megabytes", async () => equal((await pool.query("select repeat('x', 10000) as v from node_rows limit 3000"))[0].length, 3000)],
  ["errors", "MySQL's codes", async () => {
    await refused(() => pool.query("select * from nope"), "ER_NO_SUCH_TABLE");
    await refused(() => pool.query("selec"), "ER_PARSE_ERROR");
    await refused(() => mysql.createConnection({ ...where, user, password: "wrong" }), "ER_ACCESS_DENIED_ERROR");
  }],
]);
