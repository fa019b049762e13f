/**
 * What topics the members of a group have subscribed to, where they are consumers and say so.
 */

import { read } from "../../protocol/codec.ts";
import { ConsumerProtocolSubscription } from "../../protocol/data/consumer-protocol-subscription.ts";
import { MalformedError } from "../../protocol/malformed.ts";
import { Reader } from "../../protocol/reader.ts";
import type { ClassicMember } from "./member.ts";

/** The protocol type of consumers; those of Kafka Connect and others say what they say of themselves differently. */
export const CONSUMER_PROTOCOL_TYPE = "consumer";

/**
 * The topics of all members by what they say of themselves for `protocolName`; undefined where that can't be read.
 * Read as version 0, with which every version begins.
 */
export function subscribedTopics(
  members: Iterable<ClassicMember>,
  protocolName: string | null,
): ReadonlySet<string> | undefined {
  const topics = new Set<string>();
  try {
    for (const member of members) {
      const metadata = member.metadataFor(protocolName);
      if (metadata === undefined) return undefined;
      const reader = new Reader(metadata);
      reader.int16();
      for (const topic of read(ConsumerProtocolSubscription, 0, reader).topics) topics.add(topic);
    }
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
  return topics;
}
