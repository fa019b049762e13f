/**
 * UpdateFeatures (57). Other levels for the cluster's features (KIP-584): all are changed or none, and the answer
 * says which one couldn't be. Versions: 1 tells safe from unsafe downgrades and can just try (KIP-778), where 0
 * can't lower a level at all; 2 answers for the whole only.
 */
import { ErrorCode } from "../protocol/errors.ts";
import { UpdateFeaturesRequest, UpdateFeaturesResponse } from "../protocol/messages/update-features.ts";
import { api } from "./api.ts";
import { errorMessage } from "./error-message.ts";
import { supportedFeatures } from "./features.ts";

const LAST_VERSION_WITH_RESULTS = 1;

export const updateFeatures = api(UpdateFeaturesRequest, UpdateFeaturesResponse, {
  handle({ featureUpdates, validateOnly }, { apiVersion, broker }) {
    const updates = featureUpdates.map(({ feature, maxVersionLevel, upgradeType }) => ({
      name: feature,
      level: maxVersionLevel,
      upgradeType,
    }));
    broker.metadata.controller.updateFeatures(updates, supportedFeatures, { validateOnly });
    const results = featureUpdates.map(({ feature }) => ({
      feature,
      errorCode: ErrorCode.NONE,
      errorMessage: "NONE",
    }));
    return {
      throttleTimeMs: 0,
      errorCode: ErrorCode.NONE,
      errorMessage: null,
      results: apiVersion <= LAST_VERSION_WITH_RESULTS ? results : [],
    };
  },
  fail: (_request, error) => ({
    throttleTimeMs: 0,
    errorCode: error.code,
    errorMessage:
      error.code === ErrorCode.INVALID_UPDATE_VERSION
        ? `The update failed for all features since the following feature had an error: ${error.message}`
        : errorMessage(error),
  }),
});
