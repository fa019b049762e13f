/**
 * All workloads, in the order in which they run.
 */
import type { Workload } from "../workload.ts";
import { fairnessWorkloads } from "./fairness.ts";
import { fetchWorkloads } from "./fetch.ts";
import { groupsHeartbeating } from "./groups.ts";
import { growthWorkloads } from "./growth.ts";
import { produceWorkloads } from "./produce.ts";
import { realClientWorkloads } from "./real-client.ts";
import { smallRequestWorkloads } from "./small-requests.ts";
import { startWorkloads } from "./start.ts";
import { tailWorkloads } from "./tail.ts";

export const workloads: readonly Workload[] = [
  ...startWorkloads,
  ...produceWorkloads,
  ...fetchWorkloads,
  ...tailWorkloads,
  ...smallRequestWorkloads,
  groupsHeartbeating,
  ...fairnessWorkloads,
  ...realClientWorkloads,
  ...growthWorkloads,
];
