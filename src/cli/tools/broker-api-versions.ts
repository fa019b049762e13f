/**
 * kafka-broker-api-versions: which APIs the brokers serve, in which versions.
 */
import type { KafkaClient } from "../../client/client.ts";
import type { Output } from "../output.ts";
import { connectionOptions } from "../tool/connect.ts";
import { failureText } from "../tool/failure.ts";
import { tool } from "../tool/tool.ts";
import { apiVersionsText, type ServedApi, servedApis } from "./api-versions-text.ts";

export const brokerApiVersions = tool({
  description: "Shows which APIs the brokers serve, and in which versions.",
  options: connectionOptions,
  json: true,
  async run(given, { connect, output, json }) {
    await showApiVersions(connect(given), output, json);
    return 0;
  },
});

/** Prints what each broker serves. */
export async function showApiVersions(client: KafkaClient, output: Output, json: boolean): Promise<void> {
  const { brokers } = await client.metadata([]);
  const found = [];
  for (const { nodeId, host, port, rack } of brokers) {
    const apis = await apisOf(client, nodeId);
    found.push({ id: nodeId, host, port, rack, ...apis });
    const text = apis.apis !== undefined ? apiVersionsText(apis.apis) : `ERROR: ${apis.error}`;
    if (!json) output.line(`${host}:${port} (id: ${nodeId} rack: ${rack} isFenced: false) -> ${text}`);
  }
  if (json) output.line(JSON.stringify(found));
}

async function apisOf(
  client: KafkaClient,
  node: number,
): Promise<{ apis: ServedApi[]; error?: undefined } | { apis?: undefined; error: string }> {
  try {
    return { apis: servedApis((await client.connection({ node })).apiVersions) };
  } catch (error) {
    const text = failureText(error);
    if (text === null) throw error;
    return { error: text };
  }
}
