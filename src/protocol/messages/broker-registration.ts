/** BrokerRegistration (62). A broker's registration with the controller (KIP-631). */
import { array, boolean, int16, int32, int64, request, response, string, uint16, uuid } from "../schema.ts";

export const BrokerRegistrationRequest = request(
  "BrokerRegistrationRequest",
  { key: 62, versions: "0-4", flexible: "0+" },
  () => ({
    brokerId: int32(),
    clusterId: string(),
    incarnationId: uuid(),
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
    rack: string({ nullable: "0+" }),
    isMigratingZkBroker: boolean({ versions: "1+" }),
    logDirs: array(uuid(), { versions: "2+" }),
    previousBrokerEpoch: int64({ versions: "3+", default: -1n }),
  }),
);

export const BrokerRegistrationResponse = response(
  "BrokerRegistrationResponse",
  { key: 62, versions: "0-4", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    brokerEpoch: int64({ default: -1n }),
  }),
);
