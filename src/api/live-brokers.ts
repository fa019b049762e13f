/**
 * The brokers of the cluster that a client can talk to. That is this one: others may be registered in the metadata
 * of a directory that a larger cluster wrote, but nobody hears from them.
 */
import { advertisedAddress } from "./advertised-address.ts";
import type { RequestContext } from "./context.ts";

export interface LiveBroker {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

/** The live brokers, with their addresses on the listener that the request came by. */
export function liveBrokers(context: RequestContext): readonly LiveBroker[] {
  const { nodeId, brokerRack } = context.broker.config();
  return [{ nodeId, ...advertisedAddress(context), rack: brokerRack }];
}
