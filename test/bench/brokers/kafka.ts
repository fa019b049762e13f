/**
 * Apache Kafka as its start script runs it: with the JVM settings of kafka-server-start.sh and kafka-run-class.sh.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runTool } from "../../support/apache-kafka.ts";
import { freePort } from "../../support/broker-process.ts";
import { kafkaHome } from "../../support/requirements.ts";
import { type BrokerKind, COMMON_PROPERTIES } from "./broker.ts";
import { launch } from "./launch.ts";

const JVM_SETTINGS = [
  "-Xmx1G",
  "-Xms1G",
  "-server",
  "-XX:+UseG1GC",
  "-XX:MaxGCPauseMillis=20",
  "-XX:InitiatingHeapOccupancyPercent=35",
  "-XX:+ExplicitGCInvokesConcurrent",
  "-Djava.awt.headless=true",
];
const CLUSTER_ID = "AAAAAAAAAAAAAAAAAAAAAQ";

function writeProperties(logDirectory: string, port: number): string {
  const controller = `127.0.0.2:${port < 65535 ? port + 1 : port - 1}`;
  const listeners = `PLAINTEXT://127.0.0.1:${port},CONTROLLER://${controller}`;
  const properties = [
    ...COMMON_PROPERTIES,
    `log.dirs=${logDirectory}`,
    `listeners=${listeners}`,
    `advertised.listeners=${listeners}`,
    `controller.quorum.voters=1@${controller}`,
    "controller.listener.names=CONTROLLER",
    "inter.broker.listener.name=PLAINTEXT",
    "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
  ];
  const file = `${logDirectory}.properties`;
  writeFileSync(file, `${properties.join("\n")}\n`);
  return file;
}

export const kafka: BrokerKind = {
  name: "Kafka",
  async format(logDirectory) {
    mkdirSync(logDirectory, { recursive: true });
    const file = writeProperties(logDirectory, await freePort());
    const run = await runTool("kafka-storage", ["format", "--cluster-id", CLUSTER_ID, "--config", file]);
    if (run.code !== 0) throw new Error(`Apache Kafka does not format ${logDirectory}:\n${run.complaint}`);
  },
  async spawn(logDirectory) {
    const port = await freePort();
    const file = writeProperties(logDirectory, port);
    const home = kafkaHome();
    const logging = `-Dlog4j2.configurationFile=${join(home, "broker-log4j2.properties")}`;
    const command = ["java", ...JVM_SETTINGS, logging, "-cp", join(home, "libs", "*"), "kafka.Kafka", file];
    return launch({ name: "Kafka", port, logDirectory }, command);
  },
};
