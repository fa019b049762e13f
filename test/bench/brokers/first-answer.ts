/**
 * Waits for a broker as an impatient client does: until the first answer to ApiVersions.
 */
import { ApiVersionsRequest, ApiVersionsResponse } from "../../../src/protocol/messages/api-versions.ts";
import { RawClient } from "../../support/raw-client.ts";
import type { BenchBroker } from "./broker.ts";

const DEADLINE_MS = 180_000;

/** Resolves at the first answer. Rejects when there is none in three minutes. */
export async function firstAnswer({ name, port }: BenchBroker): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    try {
      const client = await RawClient.connect(port);
      await client.request(ApiVersionsRequest, ApiVersionsResponse, 3, {
        clientSoftwareName: "bench",
        clientSoftwareVersion: "1",
      });
      client.close();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw new Error(`${name} does not answer: ${error}`);
      await Bun.sleep(1);
    }
  }
}
