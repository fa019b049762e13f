/**
 * The uniform assignor, the default: members get about the same number of partitions, and keep what they have as far
 * as that allows.
 */
import type { Assignor } from "./assignor.ts";
import { assignUniformHeterogeneous } from "./uniform-heterogeneous.ts";
import { assignUniformHomogeneous } from "./uniform-homogeneous.ts";

export const uniformAssignor: Assignor = {
  name: "uniform",
  assign: (group) =>
    group.homogeneous ? assignUniformHomogeneous(group) : assignUniformHeterogeneous(group),
};
