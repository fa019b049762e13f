/** ElectLeaders (43). Elects leaders of partitions (KIP-460). */
import { array, int8, int16, int32, request, response, string } from "../schema.ts";

export const ElectLeadersRequest = request(
  "ElectLeadersRequest",
  { key: 43, versions: "0-2", flexible: "2+" },
  () => ({
    electionType: int8({ versions: "1+" }),
    topicPartitions: array(
      {
        topic: string(),
        partitions: array(int32()),
      },
      { nullable: "0+" },
    ),
    timeoutMs: int32({ default: 60000 }),
  }),
);

export const ElectLeadersResponse = response(
  "ElectLeadersResponse",
  { key: 43, versions: "0-2", flexible: "2+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16({ versions: "1+" }),
    replicaElectionResults: array({
      topic: string(),
      partitionResult: array({
        partitionId: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: "0+" }),
      }),
    }),
  }),
);
