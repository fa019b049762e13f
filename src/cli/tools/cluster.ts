/**
 * kafka-cluster: the cluster's id, its brokers, and taking a broker out of it.
 */

import { checkError } from "../../client/check-error.ts";
import type { KafkaClient } from "../../client/client.ts";
import { UnsupportedVersionError } from "../../client/errors.ts";
import { DescribeClusterRequest, DescribeClusterResponse } from "../../protocol/messages/describe-cluster.ts";
import {
  UnregisterBrokerRequest,
  UnregisterBrokerResponse,
} from "../../protocol/messages/unregister-broker.ts";
import type { Decoded } from "../../protocol/schema.ts";
import { action, toolWithActions } from "../tool/actions.ts";
import { brokerOrControllerOptions } from "../tool/connect.ts";
import { ToolFailure } from "../tool/failure.ts";
import { ask } from "./admin/ask.ts";
import { longest, paddedRow } from "./admin/table.ts";
import { showApiVersions } from "./broker-api-versions.ts";

const options = {
  "bootstrap-server": { ...brokerOrControllerOptions["bootstrap-server"], short: "b" },
  "bootstrap-controller": { ...brokerOrControllerOptions["bootstrap-controller"], short: "C" },
  "command-config": { ...brokerOrControllerOptions["command-config"], short: "c" },
  config: {
    type: "string",
    takes: "properties file",
    description: "The same as --command-config (deprecated).",
    excludes: ["command-config"],
  },
} as const;

type ClusterDescription = Decoded<typeof DescribeClusterResponse>;

const Endpoint = { broker: 1, controller: 2 } as const;

export const cluster = toolWithActions({
  description: "Tells of a cluster and its brokers.",
  actions: {
    "cluster-id": action({
      description: "Shows the cluster's id.",
      options,
      json: true,
      async run(given, { connect, output, json }) {
        const { clusterId } = await describeCluster(connect(withConfig(given)), Endpoint.broker, false);
        output.line(json ? JSON.stringify({ clusterId }) : `Cluster ID: ${clusterId}`);
        return 0;
      },
    }),
    unregister: action({
      description: "Takes a broker that has gone for good out of the cluster.",
      options: {
        ...options,
        id: {
          type: "integer",
          takes: "id",
          description: "The broker's id.",
          required: true,
          short: "i",
        },
      },
      async run(given, { connect, output }) {
        const client = connect(withConfig(given));
        try {
          await unregister(client, given.id);
        } catch (error) {
          if (!(error instanceof UnsupportedVersionError)) throw error;
          output.line("The target cluster does not support the broker unregistration API.");
          return 0;
        }
        output.line(`Broker ${given.id} is no longer registered.`);
        return 0;
      },
    }),
    "list-endpoints": action({
      description: "Lists the brokers with their addresses.",
      options: {
        ...options,
        "include-fenced-brokers": { description: "Also brokers that are registered, but can't be used now." },
      },
      json: true,
      async run(given, { connect, output, json }) {
        const ofControllers = given["bootstrap-controller"] !== undefined;
        if (ofControllers && given["include-fenced-brokers"]) {
          throw new ToolFailure(
            "The option --include-fenced-brokers is only supported with --bootstrap-server option",
          );
        }
        const type = ofControllers ? Endpoint.controller : Endpoint.broker;
        const client = connect(withConfig(given));
        const { brokers } = await describeCluster(client, type, given["include-fenced-brokers"]);
        if (json) output.line(JSON.stringify(brokers.map(({ unknownTaggedFields: _, ...broker }) => broker)));
        else output.line(endpointTable(brokers, ofControllers));
        return 0;
      },
    }),
    "api-versions": action({
      description: "Shows which APIs the brokers serve, and in which versions.",
      options,
      json: true,
      async run(given, { connect, output, json }) {
        await showApiVersions(connect(withConfig(given)), output, json);
        return 0;
      },
    }),
  },
});

/** `--config` says the same as `--command-config`. */
function withConfig<T extends { config?: string | undefined; "command-config"?: string | undefined }>(
  given: T,
): T {
  return { ...given, "command-config": given["command-config"] ?? given.config };
}

async function describeCluster(
  client: KafkaClient,
  endpointType: number,
  includeFencedBrokers: boolean,
): Promise<ClusterDescription> {
  const body = { includeClusterAuthorizedOperations: false, endpointType, includeFencedBrokers };
  const answer = await client.send("any", DescribeClusterRequest, DescribeClusterResponse, body);
  checkError(answer.errorCode, answer.errorMessage);
  return answer;
}

async function unregister(client: KafkaClient, brokerId: number): Promise<void> {
  await ask(client, async () => {
    const answer = await client.sendOnce("controller", UnregisterBrokerRequest, UnregisterBrokerResponse, {
      brokerId,
    });
    checkError(answer.errorCode, answer.errorMessage);
  });
}

function endpointTable(brokers: ClusterDescription["brokers"], ofControllers: boolean): string {
  const widths = [
    ...[10, longest(brokers.map(({ host }) => host)), 10],
    longest(
      brokers.flatMap(({ rack }) => rack ?? []),
      10,
    ),
    ...(ofControllers ? [15] : [10, 15]),
  ];
  const header = ["ID", "HOST", "PORT", "RACK", ...(ofControllers ? [] : ["STATE"]), "ENDPOINT_TYPE"];
  const rows = brokers.map(({ brokerId, host, port, rack, isFenced }) => [
    ...[brokerId, host, port, rack ?? "null"],
    ...(ofControllers ? ["controller"] : [isFenced ? "fenced" : "unfenced", "broker"]),
  ]);
  return [header, ...rows].map((cells) => paddedRow(cells, widths)).join("\n");
}
