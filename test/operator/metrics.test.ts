/**
 * What the compiled broker tells Prometheus: read by hand, checked by Prometheus's own tool, and scraped by Prometheus.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type BrokerProcess,
  freePort,
  removeTemporaryFolders,
  startBroker,
  temporaryFolder,
} from "../support/broker-process.ts";
import { eventually } from "../support/eventually.ts";
import { prometheusCommand, requires } from "../support/requirements.ts";
import { dashboardQueries, metricsIn, variableMetrics } from "./dashboard.ts";
import { samplesIn, sampleValue } from "./exposition.ts";
import { COMMITTED, GROUP, makeTraffic, RECORDS, TOPIC } from "./traffic.ts";

const withPrometheus = requires("prometheus");

let broker: BrokerProcess;
let adminPort: number;
let traffic: { close(): Promise<void> };
let text: string;
beforeAll(async () => {
  adminPort = await freePort();
  broker = await startBroker({ properties: { "houska.admin.port": adminPort } });
  traffic = await makeTraffic(broker.port);
  text = await scraped();
});
afterAll(async () => {
  await traffic.close();
  await broker.stop();
  removeTemporaryFolders();
});

async function scraped(): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${adminPort}/metrics`);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  return response.text();
}

const one = { topic: TOPIC, partition: "0" };
const counted: [string, Record<string, string>, number][] = [
  ["kafka_server_kafkaserver_brokerstate", {}, 3],
  ["kafka_server_brokertopicmetrics_messagesin_total", { topic: TOPIC }, RECORDS],
  ["kafka_server_brokertopicmetrics_messagesin_total", {}, RECORDS + 1],
  ["kafka_server_brokertopicmetrics_totalproducerequests_total", { topic: TOPIC }, 1],
  ["kafka_server_brokertopicmetrics_failedproducerequests_total", {}, 0],
  ["kafka_network_requestmetrics_errors_total", { request: "Produce", error: "NONE" }, 2],
  ["kafka_network_requestmetrics_totaltimems_count", { request: "Produce" }, 2],
  ["kafka_log_log_logstartoffset", one, 0],
  ["kafka_log_log_logendoffset", one, RECORDS],
  ["kafka_log_log_numlogsegments", one, 1],
  ["kafka_consumergroup_current_offset", { ...one, consumergroup: GROUP }, COMMITTED],
  ["kafka_consumergroup_lag", { ...one, consumergroup: GROUP }, RECORDS - COMMITTED],
  ["kafka_consumergroup_lag_sum", { topic: TOPIC, consumergroup: GROUP }, RECORDS - COMMITTED],
  ["kafka_topic_partitions", { topic: TOPIC }, 1],
  ["kafka_topic_partition_current_offset", one, RECORDS],
  ["kafka_topic_partition_oldest_offset", one, 0],
  ["kafka_consumergroup_members", { consumergroup: GROUP }, 0],
  ["kafka_coordinator_group_groupmetadatamanager_numgroups", {}, 1],
  ["kafka_coordinator_group_groupmetadatamanager_numgroupsempty", {}, 1],
  ["kafka_server_replicamanager_underreplicatedpartitions", {}, 0],
  ["kafka_controller_kafkacontroller_activecontrollercount", {}, 1],
  ["kafka_controller_kafkacontroller_offlinepartitionscount", {}, 0],
  ["kafka_log_logmanager_offlinelogdirectorycount", {}, 0],
  ["houska_transactions", { state: "Ongoing" }, 1],
];

test.each(counted)("%s %j is what the clients have made it", (name, labels, value) => {
  expect(sampleValue(samplesIn(text), name, labels)).toBe(value);
});

test("what goes out is as much as what came in, as the topic was read once", () => {
  const bytes = (direction: string) =>
    sampleValue(samplesIn(text), `kafka_server_brokertopicmetrics_bytes${direction}_total`, { topic: TOPIC });

  expect(bytes("in")).toBeGreaterThan(0);
  expect(bytes("out")).toBe(bytes("in") ?? -1);
  expect(sampleValue(samplesIn(text), "kafka_log_log_size", one)).toBe(bytes("in") ?? -1);
});

test("a family comes once, with a line of help", () => {
  const families = [...text.matchAll(/^# HELP (\w+) (.*)$/gm)];

  expect(new Set(families.map(([, name]) => name)).size).toBe(families.length);
  expect(families.filter(([, , help]) => help === "")).toEqual([]);
});

test("two who scrape together are both answered", async () => {
  const both = await Promise.all([scraped(), scraped()]);

  expect(both.map((one) => sampleValue(samplesIn(one), "kafka_server_kafkaserver_brokerstate"))).toEqual([
    3, 3,
  ]);
});

test("every metric that the dashboard asks for is told", () => {
  const told = new Set(samplesIn(text).map(({ name }) => name));
  const asked = [...dashboardQueries().flatMap(metricsIn), ...variableMetrics()];

  expect(asked.length).toBeGreaterThan(30);
  expect(asked.filter((name) => !told.has(name))).toEqual([]);
});

withPrometheus.test("Prometheus's tool finds nothing to complain of", () => {
  const { exitCode, stdout, stderr } = Bun.spawnSync([prometheusCommand("promtool"), "check", "metrics"], {
    stdin: Buffer.from(text),
  });

  expect({ exitCode, said: `${stdout}${stderr}` }).toEqual({ exitCode: 0, said: "" });
});

withPrometheus.test(
  "Prometheus scrapes the broker, and every query of the dashboard has an answer",
  async () => {
    const folder = temporaryFolder();
    const port = await freePort();
    writeFileSync(
      join(folder, "prometheus.yml"),
      `scrape_configs:
  - job_name: houska
    scrape_interval: 1s
    static_configs: [{ targets: ["127.0.0.1:${adminPort}"] }]
`,
    );
    const prometheus = Bun.spawn(
      [
        prometheusCommand("prometheus"),
        `--config.file=${folder}/prometheus.yml`,
        `--storage.tsdb.path=${folder}/data`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdout: "ignore", stderr: "ignore" },
    );
    try {
      const query = async (text: string) => {
        const response = await fetch(
          `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(text)}`,
        );
        return (await response.json()) as { status: string; data: { result: { value: [number, string] }[] } };
      };
      await eventually(async () => {
        const { data } = await query(`kafka_server_brokertopicmetrics_messagesin_total{topic="${TOPIC}"}`);
        expect(data.result.map(({ value }) => value[1])).toEqual([String(RECORDS)]);
      });
      const failed: string[] = [];
      for (const text of dashboardQueries()) if ((await query(text)).status !== "success") failed.push(text);
      expect(failed).toEqual([]);
    } finally {
      prometheus.kill("SIGKILL");
      await prometheus.exited;
    }
  },
);
