/**
 * The compiled Houska as a broker of the bench.
 */
import { writeFileSync } from "node:fs";
import { executable, freePort } from "../../support/broker-process.ts";
import { type BrokerKind, COMMON_PROPERTIES } from "./broker.ts";
import { launch } from "./launch.ts";

function writeProperties(logDirectory: string, port: number): string {
  const properties = [
    ...COMMON_PROPERTIES,
    `listeners=PLAINTEXT://127.0.0.1:${port}`,
    `log.dirs=${logDirectory}`,
  ];
  const file = `${logDirectory}.properties`;
  writeFileSync(file, `${properties.join("\n")}\n`);
  return file;
}

export const houska: BrokerKind = {
  name: "Houska",
  async format(logDirectory) {
    const file = writeProperties(logDirectory, await freePort());
    const run = Bun.spawnSync([executable, "format", "--config", file], {
      stdout: "ignore",
      stderr: "inherit",
    });
    if (run.exitCode !== 0) throw new Error(`Houska does not format ${logDirectory}`);
  },
  async spawn(logDirectory) {
    const port = await freePort();
    return launch({ name: "Houska", port, logDirectory }, [executable, writeProperties(logDirectory, port)]);
  },
};
