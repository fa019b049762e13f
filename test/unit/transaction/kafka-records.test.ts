import { expect, test } from "bun:test";
import { transactionRecordCodec } from "../../../src/transaction/record-codec.ts";
import { TRANSACTION_TOPIC } from "../../../src/transaction/transaction-topic.ts";
import { errorOf } from "../../support/error-of.ts";
import { Bench, told } from "./support/bench.ts";
import { goldenRecords } from "./support/golden.ts";

const topics = { t: 3, [TRANSACTION_TOPIC]: 1, __consumer_offsets: 1 };

test("The same requests leave the same records as in Apache Kafka, times aside", () => {
  const bench = new Bench({ topics });
  const { clock } = bench;
  const first = bench.initNow("tx-a");
  bench.add("tx-a", first, [0]);
  bench.add("tx-a", first, [1]);
  const second = bench.endNow("tx-a", first, "commit");
  bench.add("tx-a", second, [0]);
  const third = bench.endNow("tx-a", second, "abort");
  bench.add("tx-a", third, [2]);
  bench.add("tx-a", third, [0], "__consumer_offsets");
  const fourth = bench.endNow("tx-a", third, "commit");
  bench.add("tx-a", fourth, [0]);
  expect(errorOf(() => bench.initNow("tx-a", 50_000))).toBe("CONCURRENT_TRANSACTIONS");
  const other = bench.initNow("tx-a", 50_000);
  bench.add("tx-a", other, [0]);
  const last = bench.endNow("tx-a", other, "commit");
  const timed = bench.initNow("tx-b", 2000);
  bench.add("tx-b", timed, [1]);
  clock.advance(14_000);
  bench.add("tx-a", last, [2]);
  clock.advance(70_000);

  const codec = transactionRecordCodec(() => 2);
  const golden = goldenRecords().map(({ key, value }) => {
    const record = codec.decode(key, value);
    if (typeof record === "number") throw new Error("not a transaction");
    return told(record);
  });
  expect(bench.records().map(told)).toEqual(golden);
});
