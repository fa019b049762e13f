/**
 * The default gateway in Linux's table of routes.
 */
import { expect, test } from "bun:test";
import { gatewayIn } from "../../../src/net/default-gateway.ts";

const head = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";

test("the gateway of the route to everywhere is the default one", () => {
  const routes = `${head}eth0\t0011A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\neth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0\n`;

  expect(gatewayIn(routes)).toBe("172.17.0.1");
});

test("a machine that only knows its own network has none", () => {
  expect(gatewayIn(`${head}eth0\t0011A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n`)).toBeUndefined();
  expect(gatewayIn("")).toBeUndefined();
});
