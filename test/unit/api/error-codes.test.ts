/**
 * Error codes wherever an answer has them.
 */
import { expect, test } from "bun:test";
import { forEachErrorCode } from "../../../src/api/error-codes.ts";
import { FetchResponse } from "../../../src/protocol/messages/fetch.ts";
import { HeartbeatResponse } from "../../../src/protocol/messages/heartbeat.ts";
import { OffsetDeleteResponse } from "../../../src/protocol/messages/offset-delete.ts";
import { ProduceResponse } from "../../../src/protocol/messages/produce.ts";
import type { Definition } from "../../../src/protocol/schema.ts";

function codesIn(response: Definition, answer: unknown): number[] {
  const codes: number[] = [];
  forEachErrorCode(response, answer, (code) => codes.push(code));
  return codes;
}

test("an answer's own code counts, also where it is left out as 0", () => {
  expect(codesIn(HeartbeatResponse, { errorCode: 25 })).toEqual([25]);
  expect(codesIn(HeartbeatResponse, {})).toEqual([0]);
});

test("each partition's code counts", () => {
  const partitions = [{ errorCode: 0 }, { errorCode: 6 }];

  expect(codesIn(ProduceResponse, { responses: [{ partitionResponses: partitions }] })).toEqual([0, 6]);
  expect(codesIn(FetchResponse, { errorCode: 0, responses: [{ partitions }] })).toEqual([0, 0, 6]);
  expect(codesIn(OffsetDeleteResponse, { errorCode: 0, topics: [{ partitions }] })).toEqual([0, 0, 6]);
});

test("lists that are left out or null have none", () => {
  expect(codesIn(ProduceResponse, { responses: null })).toEqual([]);
  expect(codesIn(ProduceResponse, {})).toEqual([]);
});
