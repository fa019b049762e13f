/**
 * `houska health` and `houska doctor` beside a broker that runs, as a health check and a person ask them.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type BrokerProcess,
  executable,
  freePort,
  removeTemporaryFolders,
  startBroker,
  temporaryFolder,
} from "../support/broker-process.ts";
import { runProgram } from "../support/program-run.ts";

let broker: BrokerProcess;
let adminPort: number;
beforeAll(async () => {
  adminPort = await freePort();
  broker = await startBroker({ properties: { "houska.admin.port": adminPort } });
});
afterAll(async () => {
  await broker.stop();
  removeTemporaryFolders();
});

async function houska(...words: readonly string[]) {
  const { code, output: told } = await runProgram([executable, ...words]);
  return { code, told };
}

/** A properties file for the broker's log directory, with its listener and these lines. */
function propertiesFile(...lines: readonly string[]): string {
  const file = join(temporaryFolder(), "server.properties");
  const own = [
    `listeners=PLAINTEXT://127.0.0.1:${broker.port}`,
    `log.dirs=${broker.logDirectory}`,
    "node.id=1",
  ];
  writeFileSync(file, [...own, ...lines, ""].join("\n"));
  return file;
}

describe("houska health", () => {
  const asked = async (...words: readonly string[]) => {
    const { code, told } = await houska("health", ...words);
    const answer: Record<string, unknown> = { code, ...JSON.parse(told) };
    return answer;
  };

  test("asks the Kafka port, and says that the broker is ready", async () => {
    expect(await asked("--bootstrap-server", `127.0.0.1:${broker.port}`)).toMatchObject({
      code: 0,
      status: "ready",
      reasons: [],
      brokers: [`1 at 127.0.0.1:${broker.port}`],
      logDirectories: { [broker.logDirectory]: "online" },
    });
  });

  test("finds the port in the properties file", async () => {
    expect(await asked(propertiesFile())).toMatchObject({ code: 0, asked: `127.0.0.1:${broker.port}` });
  });

  test("asks the admin port where there is one, whatever proxy the environment names", async () => {
    const file = propertiesFile(`houska.admin.port=${adminPort}`);
    const child = Bun.spawn([executable, "health", file], {
      env: { ...process.env, http_proxy: "http://127.0.0.1:1", HTTP_PROXY: "http://127.0.0.1:1" },
      stdout: "pipe",
    });

    expect(JSON.parse(await child.stdout.text())).toMatchObject({
      status: "ready",
      asked: `http://127.0.0.1:${adminPort}/health/ready`,
      listeners: { PLAINTEXT: `127.0.0.1:${broker.port}` },
    });
    expect(await child.exited).toBe(0);
  });

  test("fails where nobody listens, and says so", async () => {
    const port = await freePort();

    expect(await asked("--bootstrap-server", `127.0.0.1:${port}`)).toEqual({
      code: 1,
      status: "not ready",
      asked: `127.0.0.1:${port}`,
      reasons: [`127.0.0.1:${port} refuses the connection`],
    });
    expect(await asked("--admin", `127.0.0.1:${port}`)).toMatchObject({ code: 1, status: "not ready" });
  });

  test("doesn't wait longer than it may for a broker that doesn't answer", async () => {
    const silent = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
    const where = `127.0.0.1:${silent.port}`;
    const answers = await Promise.all([
      asked("--bootstrap-server", where, "--timeout", "200"),
      asked("--admin", where, "--timeout", "200"),
    ]);
    silent.stop(true);

    expect(answers).toMatchObject([
      { code: 1, reasons: [`${where} doesn't answer within 200 ms`] },
      { code: 1, reasons: [`http://${where}/health/ready can't be asked: no answer within 200 ms`] },
    ]);
  });
});

describe("houska doctor", () => {
  const asked = async (...words: readonly string[]) => {
    const { code, told } = await houska("doctor", ...words, "--output", "json");
    const { findings, ...more } = JSON.parse(told) as {
      brokerProcess: number;
      verdict: string;
      findings: { severity: string; message: string }[];
    };
    const found = (severity: string) =>
      findings.filter((one) => one.severity === severity).map(({ message }) => message);
    return { code, ...more, ok: found("ok"), problems: found("problem"), warnings: found("warning") };
  };

  test("knows the broker that runs, connects as a client would, and finds all well", async () => {
    const told = await asked(propertiesFile());
    const where = `127.0.0.1:${broker.port}`;

    expect(told).toMatchObject({
      ...{
        code: 0,
        verdict: "nothing is wrong here.",
        brokerProcess: broker.pid,
        problems: [],
        warnings: [],
      },
    });
    expect(told.ok).toContain(`The broker listens on port ${broker.port}.`);
    expect(told.ok).toContain(`A client that connects to ${where} gets an answer, and is told ${where}.`);
  });

  test("finds that the broker runs with another configuration", async () => {
    const { code, warnings } = await asked(
      propertiesFile(`advertised.listeners=PLAINTEXT://localhost:${broker.port}`),
    );

    expect(code).toBe(0);
    expect(warnings).toEqual([
      `The broker that runs tells 127.0.0.1:${broker.port}, and by this configuration it would be localhost:${broker.port}.`,
    ]);
  });

  test("finds that the advertised address is another broker's", async () => {
    const other = await startBroker();
    const { code, problems } = await asked(
      propertiesFile(`advertised.listeners=PLAINTEXT://127.0.0.1:${other.port}`),
    );
    await other.stop();

    expect(code).toBe(1);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(
      new RegExp(`^Who answers at 127.0.0.1:${other.port} is of cluster \\S+, and this broker of \\S+$`),
    );
  });

  test("finds that the broker has taken a log directory offline", async () => {
    const [first, second] = [join(temporaryFolder(), "data"), join(temporaryFolder(), "data")];
    mkdirSync(second, { recursive: true });
    // A folder in the place of a file that the broker replaces.
    mkdirSync(join(second, ".lock"));
    const other = await startBroker({ properties: { "log.dirs": `${first},${second}` } });
    const lines = [
      `listeners=PLAINTEXT://127.0.0.1:${other.port}`,
      `log.dirs=${first},${second}`,
      "node.id=1",
    ];
    const file = join(temporaryFolder(), "server.properties");
    writeFileSync(file, lines.join("\n"));
    const { code, problems } = await asked(file);
    const health = await houska("health", file);
    await other.stop();

    expect({ code, problems }).toEqual({
      code: 1,
      problems: ["The broker that runs has taken it offline, as it failed."],
    });
    expect(JSON.parse(health.told)).toMatchObject({
      status: "ready",
      warnings: [`Log directory ${second} is offline.`],
    });
  });

  test("finds that nobody is where clients are sent", async () => {
    const port = await freePort();
    const { code, warnings } = await asked(
      propertiesFile(`advertised.listeners=PLAINTEXT://127.0.0.1:${port}`),
    );

    expect(code).toBe(0);
    expect(warnings).toEqual([
      `A client that does as it is told fails: 127.0.0.1:${port} refuses the connection.`,
    ]);
  });
});
