/** LeaderChangeMessage. The control record with which a leader of the metadata log begins its epoch (KIP-595). */
import { array, data, int16, int32, uuid } from "../schema.ts";

export const LeaderChangeMessage = data("LeaderChangeMessage", { versions: "0-1", flexible: "0+" }, () => ({
  version: int16(),
  leaderId: int32(),
  voters: array({
    voterId: int32(),
    voterDirectoryId: uuid({ versions: "1+" }),
  }),
  grantingVoters: array({
    voterId: int32(),
    voterDirectoryId: uuid({ versions: "1+" }),
  }),
}));
