/** A log that has lost all its records goes on where it ended, whatever happens to the broker. */
import { afterEach, describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { PartitionLog } from "../../../src/log/partition-log.ts";
import { SimulatedDisk } from "../../disk/simulated-disk.ts";
import { batchOf, client, logOptions, TestClock, temporaryLogs } from "./support.ts";

const NOW = 1_700_000_000_000;
const { openLog, removeLogs } = temporaryLogs();
afterEach(removeLogs);

/** Ten records and then none: retention has taken them. */
function emptied() {
  const clock = new TestClock(NOW);
  const opened = openLog({ clock, configOverrides: { retentionMs: 1000 } });
  for (let index = 0; index < 10; index++) opened.log.append(batchOf(1), client);
  clock.advance(5000);
  expect(opened.log.applyRetention()).toBe(1);
  return opened;
}

describe("a log that retention has emptied", () => {
  for (const cleanShutdown of [true, false]) {
    test(`goes on where it ended after a ${cleanShutdown ? "clean stop" : "kill"}`, async () => {
      const { log, directory } = emptied();
      if (cleanShutdown) await log.close();
      else log.abandon();
      const again = PartitionLog.open(logOptions(directory, { cleanShutdown }));
      expect([again.logStartOffset, again.logEndOffset, again.highWatermark]).toEqual([10, 10, 10]);
      expect(again.append(batchOf(1), client).firstOffset).toBe(10);
      again.abandon();
    });
  }

  test("goes on where it ended after a power cut at any moment, once its records were flushed", async () => {
    for (let changes = 0; ; changes++) {
      for (const loss of ["drop", "tear", "keep"] as const) {
        const disk = new SimulatedDisk(changes + 1);
        disk.makeDirectory("/logs");
        const clock = new TestClock(NOW);
        const options = { disk, clock, configOverrides: { retentionMs: 1000, fileDeleteDelayMs: 10 } };
        const log = PartitionLog.open(logOptions("/logs/a-0", options));
        for (let index = 0; index < 10; index++) log.append(batchOf(1), client);
        await log.flush();
        disk.powerOffAfter = disk.changes + changes;
        clock.advance(5000);
        let isOver = false;
        try {
          log.applyRetention();
          clock.advance(10);
          await log.close();
          isOver = disk.changes < disk.powerOffAfter;
        } catch {
          // The power is off.
        }
        disk.crash(loss);
        const again = PartitionLog.open(
          logOptions("/logs/a-0", { disk, cleanShutdown: false, recoveryPoint: 10 }),
        );
        expect(again.logEndOffset).toBe(10);
        if (isOver && loss === "keep") return;
      }
    }
  });

  test("has one segment, whose file tells where it ends", () => {
    const { directory } = emptied();
    expect(readdirSync(directory).filter((name) => name.endsWith(".log"))).toEqual([
      "00000000000000000010.log",
    ]);
  });
});

test("a log that was emptied to begin at an offset begins there after a kill", () => {
  const { log, directory } = emptied();
  log.truncateFullyAndStartAt(500);
  log.abandon();
  const again = PartitionLog.open(logOptions(directory, { cleanShutdown: false }));
  expect([again.logStartOffset, again.logEndOffset]).toEqual([500, 500]);
  again.abandon();
});

test("a log whose segments end before its start keeps its start, though no checkpoint tells of it any more", () => {
  const { log, directory } = emptied();
  log.abandon();
  const first = PartitionLog.open(logOptions(directory, { cleanShutdown: false, logStartOffset: 700 }));
  expect([first.logStartOffset, first.logEndOffset]).toEqual([700, 700]);
  first.abandon();
  const again = PartitionLog.open(logOptions(directory, { cleanShutdown: false }));
  expect([again.logStartOffset, again.logEndOffset]).toEqual([700, 700]);
  again.abandon();
});
