/** CreateTopics (19). Creates topics. 4 lets the broker choose counts (KIP-464); 5 returns configs (KIP-525); 7 topic ids. */
import { array, boolean, int8, int16, int32, request, response, string, uuid } from "../schema.ts";

export const CreateTopicsRequest = request(
  "CreateTopicsRequest",
  { key: 19, versions: "2-7", flexible: "5+" },
  () => ({
    topics: array({
      name: string(),
      numPartitions: int32(),
      replicationFactor: int16(),
      assignments: array({
        partitionIndex: int32(),
        brokerIds: array(int32()),
      }),
      configs: array({
        name: string(),
        value: string({ nullable: "2+" }),
      }),
    }),
    timeoutMs: int32({ default: 60000 }),
    validateOnly: boolean(),
  }),
);

export const CreateTopicsResponse = response(
  "CreateTopicsResponse",
  { key: 19, versions: "2-7", flexible: "5+" },
  () => ({
    throttleTimeMs: int32(),
    topics: array({
      name: string(),
      topicId: uuid({ versions: "7+" }),
      errorCode: int16(),
      errorMessage: string({ nullable: "2+" }),
      numPartitions: int32({ versions: "5+", default: -1 }),
      replicationFactor: int16({ versions: "5+", default: -1 }),
      configs: array(
        {
          name: string(),
          value: string({ nullable: "5+" }),
          readOnly: boolean(),
          configSource: int8({ default: -1 }),
          isSensitive: boolean(),
        },
        { versions: "5+", nullable: "5+" },
      ),
      topicConfigErrorCode: int16({ versions: "5+", tag: 0 }),
    }),
  }),
);
