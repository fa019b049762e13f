/**
 * DescribeLogDirs (35). What lies in the broker's log directories, and how much room they have (KIP-113). Versions: 2
 * is flexible; 3 has an error for the whole request; 4 says how large the volume is (KIP-827); 5 whether a directory
 * takes new partitions (KIP-1066), which all do here.
 *
 * Replicas are never moved between directories here, so none is a future one, and none lags behind.
 */
import { resolve } from "node:path";
import type { DirectoryDescription } from "../log/log-manager.ts";
import { ErrorCode } from "../protocol/errors.ts";
import { DescribeLogDirsRequest, DescribeLogDirsResponse } from "../protocol/messages/describe-log-dirs.ts";
import type { Decoded, Encodable } from "../protocol/schema.ts";
import { api } from "./api.ts";

type Request = Decoded<typeof DescribeLogDirsRequest>;
type Result = Encodable<typeof DescribeLogDirsResponse>["results"][number];
type Topic = Result["topics"][number];
type IsAsked = (topic: string, partition: number) => boolean;

export const describeLogDirs = api(DescribeLogDirsRequest, DescribeLogDirsResponse, {
  handle(request, { broker }) {
    const isAsked = askedPartitions(request);
    const results = broker.replicas.logDirectories().map((directory) => describe(directory, isAsked));
    return { throttleTimeMs: 0, errorCode: ErrorCode.NONE, results };
  },
  fail: (_request, { code }) => ({ throttleTimeMs: 0, errorCode: code, results: [] }),
});

/** Which partitions a request asks for: with no topics given, all. */
function askedPartitions({ topics }: Request): IsAsked {
  if (topics === null) return () => true;
  const asked = new Map<string, Set<number>>();
  for (const { topic, partitions } of topics) {
    const indexes = asked.get(topic) ?? new Set();
    for (const index of partitions) indexes.add(index);
    asked.set(topic, indexes);
  }
  return (topic, partition) => asked.get(topic)?.has(partition) ?? false;
}

function describe(directory: DirectoryDescription, isAsked: IsAsked): Result {
  const logDir = resolve(directory.path);
  if (directory.failure !== null) return { errorCode: ErrorCode.KAFKA_STORAGE_ERROR, logDir, topics: [] };
  return {
    errorCode: ErrorCode.NONE,
    logDir,
    topics: describeTopics(directory, isAsked),
    totalBytes: directory.totalBytes,
    usableBytes: directory.usableBytes,
  };
}

function describeTopics({ partitions }: DirectoryDescription, isAsked: IsAsked): Topic[] {
  const topics = Map.groupBy(
    partitions.filter(({ topic, partition }) => isAsked(topic, partition)),
    ({ topic }) => topic,
  );
  return [...topics].map(([name, replicas]) => ({
    name,
    partitions: replicas.map(({ partition, sizeInBytes }) => ({
      partitionIndex: partition,
      partitionSize: sizeInBytes,
      offsetLag: 0,
      isFutureKey: false,
    })),
  }));
}
