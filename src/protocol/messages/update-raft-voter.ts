/** UpdateRaftVoter (82). Updates a voter of the metadata quorum (KIP-853). */
import { array, int16, int32, request, response, string, struct, uint16, uuid } from "../schema.ts";

export const UpdateRaftVoterRequest = request(
  "UpdateRaftVoterRequest",
  { key: 82, versions: "0", flexible: "0+" },
  () => ({
    clusterId: string({ nullable: "0+" }),
    currentLeaderEpoch: int32(),
    voterId: int32(),
    voterDirectoryId: uuid(),
    listeners: array({
      name: string(),
      host: string(),
      port: uint16(),
    }),
    kraftVersionFeature: struct({
      minSupportedVersion: int16(),
      maxSupportedVersion: int16(),
    }),
  }),
);

export const UpdateRaftVoterResponse = response(
  "UpdateRaftVoterResponse",
  { key: 82, versions: "0", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    currentLeader: struct(
      {
        leaderId: int32({ default: -1 }),
        leaderEpoch: int32({ default: -1 }),
        host: string(),
        port: int32(),
      },
      { tag: 0 },
    ),
  }),
);
