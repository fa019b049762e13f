/**
 * DescribeCluster (60). The cluster's id and its brokers (KIP-700). Versions: 1 asks a broker or a controller by
 * `endpointType` (KIP-919), and this is a broker; 2 can ask for fenced brokers as well (KIP-1073), of which a cluster
 * of one has none.
 */
import { ErrorCode, KafkaError } from "../protocol/errors.ts";
import { DescribeClusterRequest, DescribeClusterResponse } from "../protocol/messages/describe-cluster.ts";
import { api } from "./api.ts";
import { clusterOperations, OPERATIONS_NOT_ASKED } from "./authorized-operations.ts";
import { liveBrokers } from "./live-brokers.ts";

const EndpointType = { BROKER: 1, CONTROLLER: 2 } as const;

export const describeCluster = api(DescribeClusterRequest, DescribeClusterResponse, {
  handle({ endpointType, includeClusterAuthorizedOperations }, context) {
    checkEndpointType(endpointType);
    const { config, metadata } = context.broker;
    return {
      throttleTimeMs: 0,
      errorCode: ErrorCode.NONE,
      endpointType: EndpointType.BROKER,
      clusterId: metadata.image.clusterId,
      controllerId: config().nodeId,
      brokers: liveBrokers(context).map(({ nodeId, host, port, rack }) => ({
        brokerId: nodeId,
        host,
        port,
        rack,
        isFenced: false,
      })),
      clusterAuthorizedOperations: includeClusterAuthorizedOperations
        ? clusterOperations
        : OPERATIONS_NOT_ASKED,
    };
  },
  fail: (_request, { code, message }) => ({
    throttleTimeMs: 0,
    errorCode: code,
    errorMessage: message,
    clusterId: "",
    brokers: [],
  }),
});

function checkEndpointType(endpointType: number): void {
  if (endpointType === EndpointType.BROKER) return;
  if (endpointType === EndpointType.CONTROLLER) {
    throw new KafkaError(
      "MISMATCHED_ENDPOINT_TYPE",
      "The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER",
    );
  }
  throw new KafkaError("UNSUPPORTED_ENDPOINT_TYPE", `Unsupported endpoint type ${endpointType}`);
}
