/**
 * Every API that Houska serves, by key. What isn't here isn't advertised.
 */
import type { Api, ApiTable } from "./api.ts";
import { apiVersions } from "./api-versions.ts";
import { deleteRecords } from "./delete-records.ts";
import { describeLogDirs } from "./describe-log-dirs.ts";
import { fetch } from "./fetch/fetch.ts";
import { initProducerId } from "./init-producer-id.ts";
import { listOffsets } from "./list-offsets.ts";
import { offsetForLeaderEpoch } from "./offset-for-leader-epoch.ts";
import { produce } from "./produce/produce.ts";

const served: readonly Api[] = [
  produce,
  fetch,
  listOffsets,
  apiVersions,
  deleteRecords,
  initProducerId,
  offsetForLeaderEpoch,
  describeLogDirs,
];

export const apis: ApiTable = new Map(served.map((api) => [api.key, api]));
