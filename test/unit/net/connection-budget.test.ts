/**
 * How many connections there may be.
 */
import { expect, test } from "bun:test";
import { ConnectionBudget } from "../../../src/net/connection-budget.ts";
import { DEFAULT_LIMITS, type NetLimits } from "../../../src/net/limits.ts";
import { ManualClock } from "./support/manual-clock.ts";
import { KeptLog } from "./support/test-listener.ts";

function budgetWith(limits: Partial<NetLimits>): ConnectionBudget {
  return new ConnectionBudget({ ...DEFAULT_LIMITS, ...limits }, new KeptLog(), new ManualClock());
}

test("refuses connections beyond max.connections, whatever their address", () => {
  const budget = budgetWith({ maxConnections: 2 });
  budget.enter("10.0.0.1");
  expect(budget.refusal("10.0.0.2")).toBeNull();
  budget.enter("10.0.0.2");
  expect(budget.refusal("10.0.0.3")).toBe("max.connections=2 is reached");
  budget.leave("10.0.0.1");
  expect(budget.refusal("10.0.0.3")).toBeNull();
});

test("refuses connections beyond max.connections.per.ip from that address only", () => {
  const budget = budgetWith({ maxConnectionsPerIp: 1 });
  budget.enter("10.0.0.1");
  expect(budget.refusal("10.0.0.1")).toBe("max.connections.per.ip=1 is reached");
  expect(budget.refusal("10.0.0.2")).toBeNull();
});

test("lets an override replace the limit for its address, upward and downward", () => {
  const maxConnectionsPerIpOverrides = new Map([
    ["10.0.0.1", 2],
    ["10.0.0.9", 0],
  ]);
  const budget = budgetWith({ maxConnectionsPerIp: 1, maxConnectionsPerIpOverrides });
  budget.enter("10.0.0.1");
  expect(budget.refusal("10.0.0.1")).toBeNull();
  budget.enter("10.0.0.1");
  expect(budget.refusal("10.0.0.1")).toBe("max.connections.per.ip.overrides=2 is reached");
  expect(budget.refusal("10.0.0.9")).toBe("max.connections.per.ip.overrides=0 is reached");
});
