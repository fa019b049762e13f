/** Metadata (3). Brokers, topics and partitions, as a client needs them to find leaders. 4 adds a say in auto creation; 10 and 12 topic ids (KIP-516). */
import { array, boolean, int16, int32, request, response, string, uuid } from "../schema.ts";

export const MetadataRequest = request(
  "MetadataRequest",
  { key: 3, versions: "0-13", flexible: "9+" },
  () => ({
    topics: array(
      {
        topicId: uuid({ versions: "10+" }),
        name: string({ nullable: "10+" }),
      },
      { nullable: "1+" },
    ),
    allowAutoTopicCreation: boolean({ versions: "4+", default: true }),
    includeClusterAuthorizedOperations: boolean({ versions: "8-10" }),
    includeTopicAuthorizedOperations: boolean({ versions: "8+" }),
  }),
);

export const MetadataResponse = response(
  "MetadataResponse",
  { key: 3, versions: "0-13", flexible: "9+" },
  () => ({
    throttleTimeMs: int32({ versions: "3+" }),
    brokers: array({
      nodeId: int32(),
      host: string(),
      port: int32(),
      rack: string({ versions: "1+", nullable: "1+", default: null }),
    }),
    clusterId: string({ versions: "2+", nullable: "2+", default: null }),
    controllerId: int32({ versions: "1+", default: -1 }),
    topics: array({
      errorCode: int16(),
      name: string({ nullable: "12+" }),
      topicId: uuid({ versions: "10+" }),
      isInternal: boolean({ versions: "1+" }),
      partitions: array({
        errorCode: int16(),
        partitionIndex: int32(),
        leaderId: int32(),
        leaderEpoch: int32({ versions: "7+", default: -1 }),
        replicaNodes: array(int32()),
        isrNodes: array(int32()),
        offlineReplicas: array(int32(), { versions: "5+" }),
      }),
      topicAuthorizedOperations: int32({ versions: "8+", default: -2147483648 }),
    }),
    errorCode: int16({ versions: "13+" }),
    clusterAuthorizedOperations: int32({ versions: "8-10", default: -2147483648 }),
  }),
);
