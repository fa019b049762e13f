/** UpdateFeatures (57). Changes feature levels (KIP-584). */
import { array, boolean, int8, int16, int32, request, response, string } from "../schema.ts";

export const UpdateFeaturesRequest = request(
  "UpdateFeaturesRequest",
  { key: 57, versions: "0-2", flexible: "0+" },
  () => ({
    timeoutMs: int32({ default: 60000 }),
    featureUpdates: array({
      feature: string(),
      maxVersionLevel: int16(),
      upgradeType: int8({ versions: "1+", default: 1 }),
      allowDowngrade: boolean({ versions: "0" }),
    }),
    validateOnly: boolean({ versions: "1+" }),
  }),
);

export const UpdateFeaturesResponse = response(
  "UpdateFeaturesResponse",
  { key: 57, versions: "0-2", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+" }),
    results: array(
      {
        feature: string(),
        errorCode: int16(),
        errorMessage: string({ nullable: "0-1" }),
      },
      { versions: "0-1" },
    ),
  }),
);
