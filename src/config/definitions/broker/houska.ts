/**
 * Configs of Houska's own; Apache Kafka overlooks them.
 */
import { acts, int, string } from "../../definition.ts";
import { between } from "../../validators.ts";

export const houskaDefinitions = [
  int("houska.admin.port", -1, between(-1, 65_535), acts),
  string("houska.admin.host", "127.0.0.1", acts),
  string("houska.published.host", null, acts),
];
