/** VotersRecord. The control record with the voters of the metadata quorum (KIP-853). */
import { array, data, int16, int32, string, struct, uint16, uuid } from "../schema.ts";

export const VotersRecord = data("VotersRecord", { versions: "0", flexible: "0+" }, () => ({
  version: int16(),
  voters: array({
    voterId: int32(),
    voterDirectoryId: uuid(),
    endpoints: array({
      name: string(),
      host: string(),
      port: uint16(),
    }),
    kraftVersionFeature: struct({
      minSupportedVersion: int16(),
      maxSupportedVersion: int16(),
    }),
  }),
}));
