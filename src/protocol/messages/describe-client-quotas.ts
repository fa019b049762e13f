/** DescribeClientQuotas (48). The quotas of clients (KIP-546). */
import { array, boolean, float64, int8, int16, int32, request, response, string } from "../schema.ts";

export const DescribeClientQuotasRequest = request(
  "DescribeClientQuotasRequest",
  { key: 48, versions: "0-1", flexible: "1+" },
  () => ({
    components: array({
      entityType: string(),
      matchType: int8(),
      match: string({ nullable: "0+" }),
    }),
    strict: boolean(),
  }),
);

export const DescribeClientQuotasResponse = response(
  "DescribeClientQuotasResponse",
  { key: 48, versions: "0-1", flexible: "1+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+" }),
    entries: array(
      {
        entity: array({
          entityType: string(),
          entityName: string({ nullable: "0+" }),
        }),
        values: array({
          key: string(),
          value: float64(),
        }),
      },
      { nullable: "0+" },
    ),
  }),
);
