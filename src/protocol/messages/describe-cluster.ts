/** DescribeCluster (60). The cluster's id and its brokers (KIP-700). 2 adds fenced brokers (KIP-1073). */
import { array, boolean, int8, int16, int32, request, response, string } from "../schema.ts";

export const DescribeClusterRequest = request(
  "DescribeClusterRequest",
  { key: 60, versions: "0-2", flexible: "0+" },
  () => ({
    includeClusterAuthorizedOperations: boolean(),
    endpointType: int8({ versions: "1+", default: 1 }),
    includeFencedBrokers: boolean({ versions: "2+" }),
  }),
);

export const DescribeClusterResponse = response(
  "DescribeClusterResponse",
  { key: 60, versions: "0-2", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+", default: null }),
    endpointType: int8({ versions: "1+", default: 1 }),
    clusterId: string(),
    controllerId: int32({ default: -1 }),
    brokers: array({
      brokerId: int32(),
      host: string(),
      port: int32(),
      rack: string({ nullable: "0+", default: null }),
      isFenced: boolean({ versions: "2+" }),
    }),
    clusterAuthorizedOperations: int32({ default: -2147483648 }),
  }),
);
