/** BrokerHeartbeat (63). Keeps a broker registered (KIP-631). */
import { array, boolean, int16, int32, int64, request, response, uuid } from "../schema.ts";

export const BrokerHeartbeatRequest = request(
  "BrokerHeartbeatRequest",
  { key: 63, versions: "0-2", flexible: "0+" },
  () => ({
    brokerId: int32(),
    brokerEpoch: int64({ default: -1n }),
    currentMetadataOffset: int64(),
    wantFence: boolean(),
    wantShutDown: boolean(),
    offlineLogDirs: array(uuid(), { versions: "1+", tag: 0 }),
    cordonedLogDirs: array(uuid(), { versions: "2+", nullable: "2+", tag: 1, default: null }),
  }),
);

export const BrokerHeartbeatResponse = response(
  "BrokerHeartbeatResponse",
  { key: 63, versions: "0-2", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    isCaughtUp: boolean(),
    isFenced: boolean({ default: true }),
    shouldShutDown: boolean(),
  }),
);
