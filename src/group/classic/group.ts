/**
 * A group of the classic protocol.
 */
import type { Group } from "../group.ts";

export interface ClassicGroup extends Group {
  readonly type: "classic";
}
