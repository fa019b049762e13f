/**
 * All workloads, in the order in which they run.
 */
import type { Workload } from "../workload.ts";
import { fetchWorkloads } from "./fetch.ts";
import { growthWorkloads } from "./growth.ts";
import { produceWorkloads } from "./produce.ts";
import { smallRequestWorkloads } from "./small-requests.ts";
import { startWorkloads } from "./start.ts";
import { tailWorkloads } from "./tail.ts";

export const workloads: readonly Workload[] = [
  ...startWorkloads,
  ...produceWorkloads,
  ...fetchWorkloads,
  ...tailWorkloads,
  ...smallRequestWorkloads,
  ...growthWorkloads,
];
