/**
 * Surroundings for a shard whose log is only read: no timer ever runs, and there are no topics.
 */
import { loadServerConfig } from "../../../../src/config/load.ts";
import type { GroupEnvironment } from "../../../../src/group/environment.ts";
import { consumerGroupConfig } from "../../../../src/group/group-config.ts";
import { newHexUuid, newUuid } from "../../../../src/group/random-ids.ts";

const { config } = loadServerConfig({ overrides: [] });
const randomBytes = (target: Uint8Array) => void crypto.getRandomValues(target);

export function testEnvironment(): GroupEnvironment {
  return {
    config,
    consumerGroupConfig: () => consumerGroupConfig(config, new Map()),
    topics: { byName: () => undefined, byId: () => undefined, names: () => [], version: 0 },
    timers: { set() {}, cancel() {}, has: () => false },
    newUuid: () => newUuid(randomBytes),
    newHexUuid: () => newHexUuid(randomBytes),
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  };
}
