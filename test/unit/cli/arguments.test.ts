import { describe, expect, test } from "bun:test";
import { parseArguments } from "../../../src/cli/arguments.ts";
import { kafkaLines } from "../../../src/cli/kafka-lines.ts";
import { loadServerConfig } from "../../../src/config/load.ts";

describe("the broker's arguments", () => {
  test("say of which cluster it is, and of which where it is new", () => {
    expect(parseArguments(["--cluster-id", "a", "--new-cluster-id", "b"]).identity).toEqual({
      clusterId: "a",
      newClusterId: "b",
    });
    expect(parseArguments([]).identity).toEqual({ clusterId: undefined, newClusterId: undefined });
  });

  test("say in whose words it is ready", () => {
    expect(parseArguments([]).announce).toBe("houska");
    expect(parseArguments(["--announce", "kafka"]).announce).toBe("kafka");
    expect(() => parseArguments(["--announce", "redpanda"])).toThrow(
      "--announce is houska or kafka, and not redpanda",
    );
  });
});

describe("Kafka's words that it is ready", () => {
  const linesOf = (...overrides: string[]) => kafkaLines(loadServerConfig({ overrides }).config).join("\n");
  const countOf = (lines: string, pattern: RegExp) => lines.match(pattern)?.length ?? 0;

  test("have each line that programs wait for once", () => {
    const lines = linesOf("node.id=7");
    expect(countOf(lines, /.*Transitioning from RECOVERY to RUNNING.*/g)).toBe(1);
    expect(countOf(lines, /.*Kafka Server started.*/g)).toBe(1);
    expect(countOf(lines, /Kafka\s*Server.*started/g)).toBe(1);
    expect(lines).toStartWith("[BrokerLifecycleManager id=7] The broker has been unfenced. ");
    expect(lines).toContain("[KafkaRaftServer nodeId=7] Kafka Server started ");
  });

  test("have the line of ZooKeeper's times where there is to be a ZooKeeper, and only there", () => {
    const line = /.*\[KafkaServer id=\d+\] started.*/g;
    expect(countOf(linesOf("zookeeper.connect=localhost:2181"), line)).toBe(1);
    expect(countOf(linesOf(), line)).toBe(0);
  });
});
