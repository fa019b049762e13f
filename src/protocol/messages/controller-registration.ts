/** ControllerRegistration (70). A controller's registration (KIP-919). */
import { array, boolean, int16, int32, request, response, string, uint16, uuid } from "../schema.ts";

export const ControllerRegistrationRequest = request(
  "ControllerRegistrationRequest",
  { key: 70, versions: "0", flexible: "0+" },
  () => ({
    controllerId: int32(),
    incarnationId: uuid(),
    zkMigrationReady: boolean(),
    listeners: array({
      name: string(),
      host: string(),
      port: uint16(),
      securityProtocol: int16(),
    }),
    features: array({
      name: string(),
      minSupportedVersion: int16(),
      maxSupportedVersion: int16(),
    }),
  }),
);

export const ControllerRegistrationResponse = response(
  "ControllerRegistrationResponse",
  { key: 70, versions: "0", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+" }),
  }),
);
