/**
 * The part of README.md that is written from the code: the APIs that are served. `npm run readme` writes it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { apis } from "../../src/api/registry.ts";
import * as messages from "../../src/protocol/messages/index.ts";

export const readmePath = join(import.meta.dir, "..", "..", "README.md");

const begin = "<!-- apis: written by `npm run readme`, checked by a test -->\n";
const end = "<!-- end of apis -->\n";

/** What brokers and controllers ask of each other. No client misses it. */
const amongServers = new Set([
  ...["BeginQuorumEpoch", "EndQuorumEpoch", "Vote", "FetchSnapshot", "UpdateRaftVoter"],
  ...["AllocateProducerIds", "AlterPartition", "AssignReplicasToDirs", "Envelope"],
  ...["BrokerHeartbeat", "BrokerRegistration", "ControllerRegistration"],
]);

/** `text` with what stands between the markers written anew. */
export function withApis(text: string): string {
  const [before, after] = [text.split(begin)[0], text.split(end)[1]];
  if (before === undefined || after === undefined) throw new Error("README.md has lost its markers");
  return `${before}${begin}${apiTable()}${end}${after}`;
}

function apiTable(): string {
  const served = [...apis.values()].sort((one, other) => one.key - other.key);
  const rows = served.map(
    ({ name, key, advertised: { min, max } }) => `| ${name} | ${key} | ${min}–${max} |`,
  );
  const names = new Set(served.map((api) => api.name));
  const missing = Object.keys(messages)
    .filter((name) => name.endsWith("Request"))
    .map((name) => name.replace(/Request$/, ""))
    .filter((name) => !names.has(name) && !amongServers.has(name));
  const listed = `${missing.sort().join(", ")}.`;
  const notYet =
    missing.length > 0 ? `\n<details><summary>Not served yet</summary>\n\n${listed}\n\n</details>\n` : "";
  return `\n| request | key | versions |\n|---|---|---|\n${rows.join("\n")}\n${notYet}\n`;
}

if (import.meta.main) writeFileSync(readmePath, withApis(readFileSync(readmePath, "utf8")));
