/** CreatePartitions (37). Adds partitions to topics (KIP-195). */
import { array, boolean, int16, int32, request, response, string } from "../schema.ts";

export const CreatePartitionsRequest = request(
  "CreatePartitionsRequest",
  { key: 37, versions: "0-3", flexible: "2+" },
  () => ({
    topics: array({
      name: string(),
      count: int32(),
      assignments: array(
        {
          brokerIds: array(int32()),
        },
        { nullable: "0+" },
      ),
    }),
    timeoutMs: int32(),
    validateOnly: boolean(),
  }),
);

export const CreatePartitionsResponse = response(
  "CreatePartitionsResponse",
  { key: 37, versions: "0-3", flexible: "2+" },
  () => ({
    throttleTimeMs: int32(),
    results: array({
      name: string(),
      errorCode: int16(),
      errorMessage: string({ nullable: "0+", default: null }),
    }),
  }),
);
