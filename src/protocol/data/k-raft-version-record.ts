/** KRaftVersionRecord. The control record with the level of `kraft.version` (KIP-853). */
import { data, int16 } from "../schema.ts";

export const KRaftVersionRecord = data("KRaftVersionRecord", { versions: "0", flexible: "0+" }, () => ({
  version: int16(),
  kraftVersion: int16(),
}));
