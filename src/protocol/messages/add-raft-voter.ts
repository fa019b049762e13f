/** AddRaftVoter (80). Adds a voter to the metadata quorum (KIP-853). */
import { array, boolean, int16, int32, request, response, string, uint16, uuid } from "../schema.ts";

export const AddRaftVoterRequest = request(
  "AddRaftVoterRequest",
  { key: 80, versions: "0-1", flexible: "0+" },
  () => ({
    clusterId: string({ nullable: "0+" }),
    timeoutMs: int32(),
    voterId: int32(),
    voterDirectoryId: uuid(),
    listeners: array({
      name: string(),
      host: string(),
      port: uint16(),
    }),
    ackWhenCommitted: boolean({ versions: "1+", default: true }),
  }),
);

export const AddRaftVoterResponse = response(
  "AddRaftVoterResponse",
  { key: 80, versions: "0-1", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+" }),
  }),
);
