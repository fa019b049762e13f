import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configureWith } from "../../../../src/cli/configure/configure.ts";
import type { Environment } from "../../../../src/cli/configure/settings.ts";
import { parseProperties } from "../../../../src/config/properties.ts";
import { removeTemporaryFolders, temporaryFolder } from "../../../support/broker-process.ts";
import { KeptOutput } from "../../../support/command-run.ts";

afterAll(removeTemporaryFolders);

let file: string;
beforeEach(() => {
  file = join(temporaryFolder(), "server.properties");
});

function configure(environment: Environment, ...words: string[]) {
  const output = new KeptOutput();
  const code = configureWith(["--to", file, ...words], environment, output);
  return { code, complaint: output.complaints.join("\n") };
}

/** What the file says, the last one of a name counting. */
const written = () =>
  Object.fromEntries(parseProperties(readFileSync(file, "utf8")).map(({ key, value }) => [key, value]));

describe("the file", () => {
  test("holds the environment over the defaults", () => {
    expect(configure({ KAFKA_NUM_PARTITIONS: "6", KAFKA_NODE_ID: "3" }).code).toBe(0);
    expect(written()).toMatchObject({
      "num.partitions": "6",
      "node.id": "3",
      "offsets.topic.replication.factor": "1",
    });
  });

  test("says which variable a line comes from", () => {
    configure({ KAFKA_CFG_NUM_PARTITIONS: "6" });
    expect(readFileSync(file, "utf8")).toContain("\n# KAFKA_CFG_NUM_PARTITIONS\nnum.partitions=6\n");
  });

  test("holds the mounted file, and the environment over it", () => {
    const mounted = join(temporaryFolder(), "mine.properties");
    writeFileSync(mounted, "node.id=9\nnum.partitions=2\n# the end");
    configure({ KAFKA_NUM_PARTITIONS: "6" }, "--mounted", mounted);
    expect(written()).toMatchObject({ "node.id": "9", "num.partitions": "6" });
  });

  test("does without a mounted file that isn't there", () => {
    expect(configure({}, "--mounted", "/none/server.properties").code).toBe(0);
  });

  test("keeps backslashes as Kafka does, and a value of several lines in one setting", () => {
    configure({ KAFKA_A: "x\\ty", KAFKA_B: "one \\\n two", KAFKA_C: "one\nnode.id=5\n", KAFKA_NODE_ID: "2" });
    expect(written()).toMatchObject({ a: "x\ty", b: "one two", c: "one\nnode.id=5", "node.id": "2" });
  });
});

test("a file that can't be written is an error", () => {
  const output = new KeptOutput();
  expect(configureWith(["--to", "/none/such/file"], {}, output)).toBe(1);
  expect(output.complaints.join("\n")).toContain("/none/such/file");
});

describe("a container with TLS as Kafka's image takes it", () => {
  const tls = { KAFKA_ADVERTISED_LISTENERS: "SSL://localhost:9092" };

  test("needs the name of a key store", () => {
    const { code, complaint } = configure(tls);
    expect(code).toBe(1);
    expect(complaint).toContain("KAFKA_SSL_KEYSTORE_FILENAME environment variable not set");
  });

  test("needs the file, too", () => {
    expect(configure({ ...tls, KAFKA_SSL_KEYSTORE_FILENAME: "none.jks" }).complaint).toContain(
      "/etc/kafka/secrets/none.jks, which KAFKA_SSL_KEYSTORE_FILENAME names, does not exist",
    );
  });

  test("needs neither where the key is given in another way", () => {
    expect(configure({ ...tls, KAFKA_SSL_KEYSTORE_LOCATION: "/keys.p12" }).code).toBe(0);
  });
});

describe("a container with SASL", () => {
  const sasl = { KAFKA_ADVERTISED_LISTENERS: "SASL_PLAINTEXT://localhost:9092" };

  test("needs KAFKA_OPTS, or a login of a listener's own", () => {
    expect(configure(sasl).complaint).toContain("KAFKA_OPTS environment variable not set");
    expect(configure({ ...sasl, KAFKA_OPTS: "-Djava.security.auth.login.config=/jaas" }).code).toBe(0);
    expect(
      configure({ ...sasl, KAFKA_LISTENER_NAME_SASL__PLAINTEXT_PLAIN_SASL_JAAS_CONFIG: "a;" }).code,
    ).toBe(0);
  });
});

test("a controller alone advertises nothing", () => {
  const { code, complaint } = configure({
    KAFKA_PROCESS_ROLES: "controller",
    KAFKA_ADVERTISED_LISTENERS: "PLAINTEXT://a:1",
  });
  expect(code).toBe(1);
  expect(complaint).toContain("not supported on a KRaft controller");
});

test("variables of long ago are refused where Confluent's image refuses them", () => {
  expect(configure({ KAFKA_PORT: "9092" }, "--confluent").code).toBe(1);
  expect(configure({ KAFKA_PORT: "9092" }).code).toBe(0);
});
