/** AlterClientQuotas (49). Changes the quotas of clients (KIP-546). */
import { array, boolean, float64, int16, int32, request, response, string } from "../schema.ts";

export const AlterClientQuotasRequest = request(
  "AlterClientQuotasRequest",
  { key: 49, versions: "0-1", flexible: "1+" },
  () => ({
    entries: array({
      entity: array({
        entityType: string(),
        entityName: string({ nullable: "0+" }),
      }),
      ops: array({
        key: string(),
        value: float64(),
        remove: boolean(),
      }),
    }),
    validateOnly: boolean(),
  }),
);

export const AlterClientQuotasResponse = response(
  "AlterClientQuotasResponse",
  { key: 49, versions: "0-1", flexible: "1+" },
  () => ({
    throttleTimeMs: int32(),
    entries: array({
      errorCode: int16(),
      errorMessage: string({ nullable: "0+" }),
      entity: array({
        entityType: string(),
        entityName: string({ nullable: "0+" }),
      }),
    }),
  }),
);
