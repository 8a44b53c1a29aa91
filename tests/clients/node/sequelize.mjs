import { deepEqual, equal, ok } from "node:assert/strict";
import { DataTypes, Op, QueryTypes, Sequelize, Transaction } from "sequelize";
import { refused, run } from "./cases.mjs";
import { reboot, where } from "./postgres.mjs";

const { user, password, database, host, port, ssl } = where;
const db = new Sequelize(database, user, password, { host, port, dialect: "postgres", dialectOptions: { ssl }, logging: false, pool: { max: 5 } });
const Planet = db.define("seq_planet", {
  name: { type: DataTypes.STRING, unique: true }, mass: DataTypes.DECIMAL(10, 2), data: DataTypes.JSONB, tags: DataTypes.ARRAY(DataTypes.TEXT), kind: DataTypes.ENUM("rock", "gas"),
  years: DataTypes.RANGE(DataTypes.INTEGER), seen: DataTypes.DATE, key: DataTypes.UUID, raw: DataTypes.BLOB, big: DataTypes.BIGINT,
});
const Moon = db.define("seq_moon", { name: DataTypes.STRING });
Planet.hasMany(Moon, { foreignKey: "planetId", as: "moons" });

await run([
  ["connection", "authenticate over verified TLS", () => db.authenticate()],
  ["schema", "sync({ force }), and sync({ alter }) twice", async () => {
    await db.sync({ force: true });
    await db.sync({ alter: true });
    await db.sync({ alter: true });
    ok("mass" in (await db.getQueryInterface().describeTable("seq_planets")));
  }],
  ["types", "values of each type", async () => {
    const given = { name: "ä€😀", mass: "1.50", data: { a: [1, null] }, tags: ["a,b", '"'], kind: "rock", seen: new Date("2026-02-03T10:11:12.345Z"), key: "12345678-1234-1234-1234-123456789abc", raw: Buffer.from([0, 255]), big: "9007199254740993" };
    const { id } = await Planet.create({ ...given, years: [1, 5] });
    const found = (await Planet.findByPk(id)).get({ plain: true });
    deepEqual(Object.fromEntries(Object.keys(given).map((name) => [name, found[name]])), given);
    deepEqual(found.years.map((row) => row.value), [1, 5]);
  }],
  ["batch", "bulkCreate, upsert, findOrCreate, and an include", async () => {
    await Planet.bulkCreate(Array.from({ length: 2000 }, (_, n) => ({ name: `n${n}`, mass: n })));
    await Planet.upsert({ name: "n1", mass: 7 });
    equal((await Planet.findOrCreate({ where: { name: "n1" } }))[1], false);
    await Moon.create({ name: "m", planetId: (await Planet.findOne({ where: { name: "n1", mass: { [Op.eq]: 7 } } })).id });
    equal((await Planet.findOne({ where: { name: "n1" }, include: "moons" })).moons[0].name, "m");
  }],
  ["transactions", "managed, with a savepoint and an isolation level", async () => {
    await db.transaction({ isolationLevel: Transaction.ISOLATION_LEVELS.SERIALIZABLE }, async (transaction) => {
      await refused(() => db.transaction({ transaction }, (inner) => Planet.create({ name: "n1" }, { transaction: inner })), "SequelizeUniqueConstraintError");
      await Planet.create({ name: "in" }, { transaction });
    });
    await refused(() => db.transaction(async (transaction) => { await Planet.destroy({ where: {}, transaction }); throw new Error("back"); }), "back");
    ok(await Planet.findOne({ where: { name: "in" } }));
  }],
  ["errors", "its classes", async () => {
    await refused(() => db.query("select * from nope"), "SequelizeDatabaseError");
    await refused(() => Moon.create({ planetId: 999999 }), "SequelizeForeignKeyConstraintError");
    await refused(() => new Sequelize(database, user, "wrong", { host, port, dialect: "postgres", dialectOptions: { ssl }, logging: false }).authenticate(), "password authentication failed");
  }],
  ["pool", "a reboot of the writer: the pool connects again", async () => {
    await reboot();
    for (let n = 0; n < 10; n++) {
      try {
        return equal((await db.query("select 1 as n", { type: QueryTypes.SELECT }))[0].n, 1);
      } catch (error) {
        ok(/terminat|ECONNRESET|closed/i.test(error.message), error.message);
      }
    }
    throw new Error("no connection after ten tries");
  }],
]);
