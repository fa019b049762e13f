/**
 * Cuts the power of a simulated disk at one change after the other of a broker's workload, in each way a disk can
 * forget, and judges what the broker makes of it.
 */
import { type Loss, SimulatedDisk } from "../../disk/simulated-disk.ts";
import { DiskBroker } from "../bit-flips/disk-broker.ts";
import type { Ledger } from "./ledger.ts";
import { judge } from "./verdict.ts";
import { overrides, runWorkload } from "./workload.ts";

const losses: readonly Loss[] = ["drop", "tear", "keep"];

export interface CampaignOptions {
  /** Of how many changes one is tried, with each loss another: 1 for all of them. */
  readonly stride: number;
  readonly log?: (line: string) => void;
}

export interface CampaignCounts {
  cuts: number;
  /** Changes of the disk that the whole workload makes. */
  changes: number;
  acknowledgedRecords: number;
}

/** @throws Error that says at which change which promise was broken */
export async function cutPower({ stride, log = () => undefined }: CampaignOptions): Promise<CampaignCounts> {
  const counts: CampaignCounts = { cuts: 0, changes: 0, acknowledgedRecords: 0 };
  for (let change = 0; ; change++) {
    for (const [index, loss] of losses.entries()) {
      if ((change + index) % stride !== 0) continue;
      const ledger = await cutAt(change, loss);
      counts.cuts++;
      counts.changes = change;
      counts.acknowledgedRecords = ledger.topics
        .flatMap(({ records }) => records)
        .filter(({ offset }) => offset !== undefined).length;
      if (ledger.isComplete) return counts;
    }
    if (change % 100 === 0) log(`${change} changes, ${counts.cuts} cuts`);
  }
}

async function cutAt(change: number, loss: Loss): Promise<Ledger> {
  const disk = new SimulatedDisk(change + 1);
  disk.powerOffAfter = change;
  const ledger = await runWorkload(disk);
  // What still runs in the background fails as well before the power comes back.
  for (let turn = 0; turn < 5; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
  disk.crash(loss);
  const broker = await DiskBroker.open(disk, undefined, overrides).catch((error: unknown) => {
    throw new Error(`change ${change}, ${loss}: the broker can't start: ${error}`, { cause: error });
  });
  const complaints = await judge(broker, ledger);
  if (complaints.length > 0) throw new Error(`change ${change}, ${loss}: ${complaints.join("; ")}`);
  await broker.stop();
  return ledger;
}
