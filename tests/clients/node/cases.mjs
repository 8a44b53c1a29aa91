// Runs the cases of one client and prints one JSON line a case; a failure with a `limit` is not the emulator's.
export const address = {
  resourceArn: process.env.CLUSTER_ARN,
  secretArn: process.env.SECRET_ARN,
  database: process.env.DATABASE,
};

export async function run(cases) {
  for (const [topic, name, work, limit] of cases) {
    const started = Date.now();
    const line = { topic, name, limit: limit ?? "" };
    try {
      await within(240_000, work());
      line.passed = true;
    } catch (error) {
      line.passed = false;
      const cause = error?.cause?.message ? ` / ${error.cause.message}` : "";
      line.error = `${error?.name}: ${error?.message}${cause} ${error?.stderr ?? ""}`.slice(-400);
    }
    line.seconds = (Date.now() - started) / 1000;
    console.log(JSON.stringify(line));
  }
  process.exit(0);
}

async function within(milliseconds, work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

export async function refused(work, words) {
  let found;
  try {
    await work();
  } catch (error) {
    found = `${error.name}: ${error.message} ${error.cause?.name ?? ""} ${error.cause?.message ?? ""} ${error.code ?? ""}`;
  }
  if (found === undefined) throw new Error(`was not refused; expected ${words}`);
  if (!found.includes(words)) throw new Error(`expected ${words}, not ${found}`);
}
