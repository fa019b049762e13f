/** RemoveRaftVoter (81). Removes a voter from the metadata quorum (KIP-853). */
import { int16, int32, request, response, string, uuid } from "../schema.ts";

export const RemoveRaftVoterRequest = request(
  "RemoveRaftVoterRequest",
  { key: 81, versions: "0", flexible: "0+" },
  () => ({
    clusterId: string({ nullable: "0+" }),
    voterId: int32(),
    voterDirectoryId: uuid(),
  }),
);

export const RemoveRaftVoterResponse = response(
  "RemoveRaftVoterResponse",
  { key: 81, versions: "0", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+" }),
  }),
);
