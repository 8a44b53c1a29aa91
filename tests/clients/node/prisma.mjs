// The command line of Prisma downloads its engine of migrations, which no registry of packages has: so its client alone.
import { deepEqual, equal, ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { PrismaPg } from "@prisma/adapter-pg";
import { refused, run } from "./cases.mjs";
import { reboot, where } from "./postgres.mjs";

const here = process.argv[1].replace(/[^/]+$/, "");
const folder = mkdtempSync(join(here, "prisma-"));
mkdirSync(join(folder, "schema"));
writeFileSync(join(folder, "schema/schema.prisma"), `
generator client {
  provider = "prisma-client-js"
  output   = "../client"
}
datasource db {
  provider = "postgresql"
}
enum Kind {
  ROCK
  GAS
}
model PrismaPlanet {
  id    Int      @id @default(autoincrement())
  name  String   @unique
  kind  Kind     @default(ROCK)
  mass  Decimal?
  big   BigInt?
  data  Json?
  tags  String[]
  seen  DateTime?
  raw   Bytes?
  moons PrismaMoon[]
}
model PrismaMoon {
  id       Int          @id @default(autoincrement())
  planet   PrismaPlanet @relation(fields: [planetId], references: [id])
  planetId Int
}
`);
writeFileSync(join(folder, "prisma.config.mjs"), 'export default { schema: "schema/schema.prisma" };\n');
const environment = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: "/bin/true", CHECKPOINT_DISABLE: "1" };
await promisify(execFile)(join(here, "node_modules/.bin/prisma"), ["generate"], { cwd: folder, env: environment });
const { PrismaClient } = createRequire(join(folder, "x.js"))("./client");
const prisma = new PrismaClient({ adapter: new PrismaPg(where) });

await run([
  ["schema", "the tables", async () => {
    for (const text of [
      'drop table if exists "PrismaMoon", "PrismaPlanet"', 'drop type if exists "Kind"', `create type "Kind" as enum ('ROCK', 'GAS')`,
      `create table "PrismaPlanet" (id serial primary key, name text not null unique, kind "Kind" not null default 'ROCK', mass decimal(65, 30), big bigint, data jsonb, tags text[], seen timestamp(3), raw bytea)`,
      'create table "PrismaMoon" (id serial primary key, "planetId" int not null references "PrismaPlanet" (id))',
    ]) await prisma.$executeRawUnsafe(text);
  }],
  ["types", "values of each type", async () => {
    const data = { name: "ä€😀", kind: "GAS", big: 2n ** 60n, data: { a: [1, null] }, tags: ["a,b", '"'], seen: new Date("2026-02-03T10:11:12.345Z") };
    const { id } = await prisma.prismaPlanet.create({ data: { ...data, mass: "1.50", raw: new Uint8Array([0, 255]) } });
    const found = await prisma.prismaPlanet.findUnique({ where: { id } });
    deepEqual(Object.fromEntries(Object.keys(data).map((name) => [name, found[name]])), data);
    deepEqual([found.mass.toString(), [...found.raw]], ["1.5", [0, 255]]);
  }],
  ["batch", "createMany, upsert, groupBy, and a nested write", async () => {
    equal((await prisma.prismaPlanet.createMany({ data: Array.from({ length: 2000 }, (_, n) => ({ name: `n${n}` })) })).count, 2000);
    await prisma.prismaPlanet.upsert({ where: { name: "n1" }, create: { name: "n1" }, update: { moons: { create: [{}, {}] } } });
    equal((await prisma.prismaPlanet.findFirst({ where: { moons: { some: {} } }, include: { moons: true } })).moons.length, 2);
    equal((await prisma.prismaPlanet.groupBy({ by: ["kind"], _count: true })).length, 2);
  }],
  ["transactions", "interactive, with an isolation level; and a batch that is rolled back", async () => {
    await refused(() => prisma.$transaction(async (t) => { await t.prismaMoon.deleteMany(); throw new Error("back"); }, { isolationLevel: "Serializable" }), "back");
    await refused(() => prisma.$transaction([prisma.prismaMoon.deleteMany(), prisma.prismaPlanet.create({ data: { name: "n1" } })]), "Unique constraint failed");
    equal(await prisma.prismaMoon.count(), 2);
  }],
  ["errors", "its codes", async () => {
    await refused(() => prisma.prismaPlanet.create({ data: { name: "n1" } }), "P2002");
    await refused(() => prisma.prismaMoon.create({ data: { planetId: 99999 } }), "P2003");
    await refused(() => prisma.prismaPlanet.delete({ where: { name: "nothing" } }), "P2025");
  }],
  ["timeouts", "a transaction that takes too long", () => refused(() => prisma.$transaction((t) => t.$queryRaw`select 1 as n from pg_sleep(2)`.then(() => t.$queryRaw`select 1`), { timeout: 300 }), "P2028")],
  ["pool", "a reboot of the writer: it connects again", async () => {
    await reboot();
    for (let n = 0; n < 10; n++) {
      try {
        return equal((await prisma.$queryRaw`select 1 as n`)[0].n, 1);
      } catch (error) {
        ok(/P10|P20|terminat|closed/i.test(`${error.code} ${error.message}`), error.message);
      }
    }
    throw new Error("no connection after ten tries");
  }],
]);
