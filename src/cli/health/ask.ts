/**
 * Asks a running broker whether it is ready.
 */
import { type Address, addressText } from "../../client/address.ts";
import { probeBroker } from "../broker-probe.ts";
import { failureText } from "../tool/failure.ts";

export interface AskedHealth {
  readonly status: "ready" | "not ready";
  /** Who was asked; null where nobody could be. */
  readonly asked: string | null;
  readonly reasons: readonly string[];
  readonly [more: string]: unknown;
}

/** As `/health/ready` of the admin port tells it. */
export async function askAdminPort(address: Address, timeoutMs: number): Promise<AskedHealth> {
  const asked = `http://${addressText(address)}/health/ready`;
  try {
    const { httpGet } = await import("./http-get.ts");
    const { isOk, body } = await httpGet(asked, timeoutMs);
    const told: unknown = JSON.parse(body);
    if (typeof told !== "object" || told === null) throw new SyntaxError(`it answers ${told}`);
    return { reasons: [], ...told, status: isOk ? "ready" : "not ready", asked };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { status: "not ready", asked, reasons: [`${asked} can't be asked: ${why}`] };
  }
}

/** By what a client hears on the Kafka port: the metadata, and whether a log directory works. */
export async function askKafkaPort(address: Address, timeoutMs: number): Promise<AskedHealth> {
  const asked = addressText(address);
  try {
    const { clusterId, brokers, directories } = await probeBroker(address, timeoutMs, true);
    const offline = directories.filter(({ isOnline }) => !isOnline);
    const sentences = offline.map(({ path }) => `Log directory ${path} is offline.`);
    const isReady = offline.length === 0 || offline.length < directories.length;
    return {
      status: isReady ? "ready" : "not ready",
      asked,
      reasons: isReady ? [] : sentences,
      warnings: isReady ? sentences : [],
      clusterId,
      brokers: brokers.map(({ nodeId, host, port }) => `${nodeId} at ${addressText({ host, port })}`),
      logDirectories: Object.fromEntries(
        directories.map(({ path, isOnline }) => [path, isOnline ? "online" : "offline"]),
      ),
    };
  } catch (error) {
    const why = failureText(error);
    if (why === null) throw error;
    return { status: "not ready", asked, reasons: [why] };
  }
}
