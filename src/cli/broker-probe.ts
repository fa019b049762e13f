/**
 * Asks a broker on its Kafka port who and how it is, as a client would that has only just connected.
 */
import type { Address } from "../client/address.ts";
import { BrokerConnection } from "../client/broker-connection.ts";
import { clientConfig } from "../client/config.ts";
import { DescribeLogDirsRequest, DescribeLogDirsResponse } from "../protocol/messages/describe-log-dirs.ts";
import { MetadataRequest, MetadataResponse } from "../protocol/messages/metadata.ts";

export interface ProbedBroker {
  readonly clusterId: string | null;
  /** Where a client of this address is told to find the brokers. */
  readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[];
}

export interface ProbedDirectory {
  readonly path: string;
  readonly isOnline: boolean;
}

/**
 * Connects and asks for the metadata, and for the log directories if `withDirectories`. Rejects with the client's errors,
 * which say in a sentence what is wrong.
 */
export async function probeBroker(
  address: Address,
  timeoutMs: number,
  withDirectories: boolean,
): Promise<ProbedBroker & { readonly directories: readonly ProbedDirectory[] }> {
  const timeout = String(timeoutMs);
  const config = clientConfig(
    new Map([
      ["request.timeout.ms", timeout],
      ["socket.connection.setup.timeout.ms", timeout],
    ]),
    "houska-health",
  );
  const connection = await BrokerConnection.open(address, config);
  try {
    const asked = { topics: [], allowAutoTopicCreation: false };
    const { clusterId, brokers } = await connection.send(MetadataRequest, MetadataResponse, asked);
    const told = brokers.map(({ nodeId, host, port }) => ({ nodeId, host, port }));
    return { clusterId, brokers: told, directories: withDirectories ? await directoriesOf(connection) : [] };
  } finally {
    connection.close();
  }
}

async function directoriesOf(connection: BrokerConnection): Promise<ProbedDirectory[]> {
  const { results } = await connection.send(DescribeLogDirsRequest, DescribeLogDirsResponse, { topics: [] });
  return results.map(({ logDir, errorCode }) => ({ path: logDir, isOnline: errorCode === 0 }));
}
