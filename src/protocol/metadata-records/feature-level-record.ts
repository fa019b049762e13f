/** FeatureLevelRecord. A feature has a level; 0 means that it is off. */
import { int16, record, string } from "../schema.ts";

export const FeatureLevelRecord = record(
  "FeatureLevelRecord",
  { id: 12, versions: "0", flexible: "0+" },
  () => ({
    name: string(),
    featureLevel: int16(),
  }),
);
