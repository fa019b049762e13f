/**
 * `houska health`: whether the broker that runs here is ready, for a container's health check.
 */
import type { Address } from "../../client/address.ts";
import { addressText, parseAddresses } from "../../client/address.ts";
import { ClientConfigError } from "../../client/errors.ts";
import { type Command, WrongUse } from "../command.ts";
import { parseOptions } from "../options.ts";
import type { Output } from "../output.ts";
import { propertiesFileOf } from "../usual-properties.ts";
import { type AskedHealth, askAdminPort, askKafkaPort } from "./ask.ts";

const usage = `usage: houska health [server.properties] [options]

Says whether the broker that runs here is ready for clients, as a JSON object; the exit code is 0 when it is, and 1 when
it isn't or can't be asked. It is asked on its admin port where it has one, else on its first listener. Where they are
is read from the properties file; without one, from the file of the container image, or it is localhost:9092.

  --bootstrap-server host:port   asks this listener
  --admin host:port              asks this admin port
  --timeout milliseconds         how long it may take; 2000 if not said
`;

const DEFAULT_TIMEOUT_MS = 2000;

export const health: Command = { usage, run };

async function run(words: readonly string[], output: Output): Promise<number> {
  const { values, positionals } = parseOptions(words, {
    "bootstrap-server": { type: "string" },
    admin: { type: "string" },
    timeout: { type: "string" },
  });
  if (positionals.length > 1)
    throw new WrongUse(`one properties file is expected, and '${positionals[1]}' is another`);
  const timeoutMs = Number(values.timeout ?? DEFAULT_TIMEOUT_MS);
  if (!(timeoutMs > 0))
    throw new WrongUse(`--timeout is a number of milliseconds, and not ${values.timeout}`);
  const asked = await ask(positionals[0], values["bootstrap-server"], values.admin, timeoutMs);
  output.line(JSON.stringify(asked, null, 2));
  return asked.status === "ready" ? 0 : 1;
}

async function ask(
  file: string | undefined,
  bootstrapServer: string | undefined,
  admin: string | undefined,
  timeoutMs: number,
): Promise<AskedHealth> {
  if (admin !== undefined) return askAdminPort(parsed(admin, "--admin"), timeoutMs);
  if (bootstrapServer !== undefined)
    return askKafkaPort(parsed(bootstrapServer, "--bootstrap-server"), timeoutMs);
  // Reading a configuration takes longer than asking, and isn't always needed.
  const { addressesIn } = await import("./where.ts");
  const found = await addressesIn(propertiesFileOf(file));
  if (found.admin !== undefined) return askAdminPort(found.admin, timeoutMs);
  if (found.listener !== undefined) return askKafkaPort(found.listener, timeoutMs);
  return {
    status: "not ready",
    asked: null,
    reasons: ["The configuration has no listener that could be asked."],
  };
}

function parsed(text: string, option: string): Address {
  try {
    const [first] = parseAddresses(text);
    if (first !== undefined) return first;
  } catch (error) {
    if (!(error instanceof ClientConfigError)) throw error;
  }
  throw new WrongUse(
    `${option} is host:port, as in ${addressText({ host: "localhost", port: 9092 })}, and not ${text}`,
  );
}
