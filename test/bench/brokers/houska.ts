/**
 * The compiled Houska as a broker of the bench.
 */
import { mkdirSync } from "node:fs";
import { executable, freePort } from "../../support/broker-process.ts";
import { type BrokerKind, COMMON_PROPERTIES } from "./broker.ts";
import { launch } from "./launch.ts";

export const houska: BrokerKind = {
  name: "Houska",
  async format(logDirectory) {
    mkdirSync(logDirectory, { recursive: true });
  },
  async spawn(logDirectory) {
    const port = await freePort();
    const overrides = [
      ...COMMON_PROPERTIES,
      `listeners=PLAINTEXT://127.0.0.1:${port}`,
      `log.dirs=${logDirectory}`,
    ];
    const words = overrides.flatMap((override) => ["--override", override]);
    return launch({ name: "Houska", port, logDirectory }, [executable, ...words]);
  },
};
