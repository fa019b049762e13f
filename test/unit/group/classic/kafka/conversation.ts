/**
 * Goes through a scenario with a broker, and notes which replies come when.
 */
import { definitionsOf, type Json } from "../../../../support/kafka-answers.ts";
import { type Ask, PAUSE_MS, type Scenario } from "./steps.ts";

/** A broker to talk to. */
export interface Side {
  /** Sends a request on a connection of its own. */
  send(api: ReturnType<typeof definitionsOf>, version: number, body: object): Promise<object>;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
}

/** What came until the next step: replies by the label of what they answer. */
export interface Noted {
  readonly step: string;
  readonly replies: Record<string, Json>;
}

export async function converse(side: Side, scenario: Scenario, groupId: string): Promise<Noted[]> {
  const ids = new MemberIds();
  const noted: Noted[] = [];
  let replies: Record<string, Json> = {};
  const send = (ask: Ask) => {
    const definitions = definitionsOf(ask.api);
    const body = ask.api === "DescribeGroups" ? { groups: [groupId] } : { ...ask.body, groupId };
    side.send(definitions, ask.version, ids.toValues(body) as object).then((reply) => {
      const answer = toJson(reply);
      ids.learn(`$${ask.as}`, answer);
      replies[ask.as] = answer;
    });
  };
  for (const step of scenario.steps) {
    replies = {};
    if ("passMs" in step) await side.pass(step.passMs);
    else {
      send(step);
      await side.pass(PAUSE_MS);
    }
    const label = "passMs" in step ? `${step.passMs} ms pass` : step.as;
    const sorted = Object.fromEntries(Object.entries(replies).sort(([a], [b]) => (a < b ? -1 : 1)));
    noted.push({ step: label, replies: comparable(sorted, ids, groupId) as Record<string, Json> });
  }
  return noted;
}

/** Member ids are random; each is called by the request that it answered first. */
class MemberIds {
  private readonly names = new Map<string, string>();
  private readonly values = new Map<string, string>();

  learn(name: string, answer: Json): void {
    const { memberId } = answer as { memberId?: Json };
    if (typeof memberId !== "string" || memberId === "") return;
    if (!this.names.has(memberId)) this.names.set(memberId, name);
    this.values.set(name, memberId);
  }

  nameOf(memberId: string): string {
    return this.names.get(memberId) ?? memberId;
  }

  /** With member ids where their names stand. */
  toValues(value: unknown): unknown {
    if (typeof value === "string") return this.values.get(value) ?? value;
    if (value === null || typeof value !== "object" || value instanceof Uint8Array) return value;
    if (Array.isArray(value)) return value.map((element) => this.toValues(element));
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, this.toValues(inner)]));
  }
}

/** With names where ids stand; the order of members is the broker's own affair. */
function comparable(value: Json, ids: MemberIds, groupId: string): Json {
  if (typeof value === "string") return ids.nameOf(value).replaceAll(groupId, "$group");
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) {
    const elements = value.map((element) => comparable(element, ids, groupId));
    return elements.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, comparable(inner, ids, groupId)]),
  );
}

function toJson(reply: object): Json {
  return JSON.parse(
    JSON.stringify(reply, (_, value) =>
      value !== null && typeof value === "object" && value.type === "Buffer"
        ? Buffer.from(value.data).toString("latin1")
        : value,
    ),
  );
}
