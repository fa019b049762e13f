/** ClientQuotaRecord. A client quota has been set or removed. */
import { array, boolean, float64, record, string } from "../schema.ts";

export const ClientQuotaRecord = record(
  "ClientQuotaRecord",
  { id: 14, versions: "0", flexible: "0+" },
  () => ({
    entity: array({
      entityType: string(),
      entityName: string({ nullable: "0+" }),
    }),
    key: string(),
    value: float64(),
    remove: boolean(),
  }),
);
