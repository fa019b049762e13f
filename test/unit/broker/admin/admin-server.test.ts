/**
 * The admin port, and what it tells of a broker that isn't there yet.
 */
import { afterEach, expect, test } from "bun:test";
import { AdminServer } from "../../../../src/broker/admin/admin-server.ts";
import { systemClock } from "../../../../src/clock.ts";
import { ListenError } from "../../../../src/net/errors.ts";

const say = () => {};
const logger = { debug: say, info: say, warn: say, error: say };
const opened: AdminServer[] = [];
afterEach(async () => {
  for (const server of opened.splice(0)) await server.close();
});

function open(port = 0): AdminServer {
  const server = new AdminServer({ hostname: "127.0.0.1", port, nodeId: 1, clock: systemClock, logger });
  opened.push(server);
  return server;
}

async function ask({ port }: AdminServer, path: string, method = "GET") {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
  return { status: response.status, body: await response.text() };
}

test("a broker that starts is alive, and not ready", async () => {
  const server = open();
  expect((await ask(server, "/health/live")).status).toBe(200);
  expect(await ask(server, "/health/ready")).toMatchObject({ status: 503 });

  server.recovering();
  const { status, body } = await ask(server, "/health/ready");

  expect(status).toBe(503);
  expect(JSON.parse(body)).toMatchObject({
    status: "not ready",
    state: "recovering",
    reasons: ["The broker is starting: it recovers the logs that were not closed cleanly."],
  });
});

test("before the broker is ready, metrics are those of the process, and how far it is", async () => {
  const server = open();
  server.recovering();
  const { status, body } = await ask(server, "/metrics");

  expect(status).toBe(200);
  expect(body).toContain("\nkafka_server_kafkaserver_brokerstate 2\n");
  expect(body).toMatch(/\nprocess_cpu_seconds_total [\d.]+\n/);
  expect(body).not.toContain("kafka_server_brokertopicmetrics");
});

test("other pages aren't there, and nothing can be changed", async () => {
  const server = open();

  expect((await ask(server, "/")).body).toContain("/metrics");
  expect((await ask(server, "/elsewhere")).status).toBe(404);
  expect((await ask(server, "/metrics", "POST")).status).toBe(404);
});

test("a port that is in use is told in a sentence", () => {
  const { port } = open();

  expect(() => open(port)).toThrow(ListenError);
  expect(() => open(port)).toThrow(
    `port ${port} is in use by another process. Stop that one, or choose another port in houska.admin.port.`,
  );
});
