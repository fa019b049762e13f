/**
 * kafka-storage: prepares log directories, and tells of them.
 */
import { randomUuid } from "../../../protocol/uuid.ts";
import { action, toolWithActions } from "../../tool/actions.ts";
import { featureDependencies, versionMapping } from "../admin/release-features.ts";
import { formatAction } from "./format-action.ts";
import { infoAction } from "./info-action.ts";

export const storage = toolWithActions({
  description: "Prepares log directories for a first start, and tells of them.",
  actions: {
    info: infoAction,
    format: formatAction,
    "version-mapping": versionMapping,
    "feature-dependencies": featureDependencies,
    "random-uuid": action({
      description: "Prints a new uuid, as it can be used for a cluster's id.",
      options: {},
      async run(_, { output }) {
        output.line(randomUuid((target) => void crypto.getRandomValues(target)));
        return 0;
      },
    }),
  },
});
