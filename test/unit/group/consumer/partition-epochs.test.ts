import { expect, test } from "bun:test";
import { PartitionEpochs } from "../../../../src/group/consumer/partition-epochs.ts";
import type { Uuid } from "../../../../src/protocol/uuid.ts";

const topicId = "AAAAAAAAAAAAAAAAAAAAAQ" as Uuid;
const partition = new Map([[topicId, new Map([[0, 1]])]]);

test("a partition is nobody's before it is somebody's, and after", () => {
  const epochs = new PartitionEpochs();
  expect(epochs.get(topicId, 0)).toBeUndefined();
  expect(epochs.add(partition, 3)).toBeUndefined();
  expect(epochs.get(topicId, 0)).toBe(3);
  epochs.remove(partition, 3);
  expect(epochs.get(topicId, 0)).toBeUndefined();
});

test("of two owners the later one counts, and who goes with another epoch doesn't take it from him", () => {
  const epochs = new PartitionEpochs();
  epochs.add(partition, 3);
  expect(epochs.add(partition, 4)).toBeUndefined();
  expect(epochs.add(partition, 4)).toEqual({ topicId, partition: 0, epoch: 4, heldAtEpoch: 4 });
  epochs.remove(partition, 3);
  expect(epochs.get(topicId, 0)).toBe(4);
});
