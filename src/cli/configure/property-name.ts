/**
 * Which broker config an environment variable of a container stands for, by the rule of Apache Kafka's image.
 */

/** Variables of Kafka's scripts and of the JVM, of which Kafka's image makes no config. */
const ofTheScripts = [
  "KAFKA_VERSION",
  "KAFKA_HEAP_OPTS",
  "KAFKA_LOG4J_OPTS",
  "KAFKA_OPTS",
  "KAFKA_JMX_OPTS",
  "KAFKA_JVM_PERFORMANCE_OPTS",
  "KAFKA_GC_LOG_OPTS",
  "KAFKA_LOG4J_ROOT_LOGLEVEL",
  "KAFKA_LOG4J_LOGGERS",
  "KAFKA_TOOLS_LOG4J_LOGLEVEL",
  "KAFKA_JMX_HOSTNAME",
];

/** What the images' own scripts act on. As configs nobody knows them, and each would be warned of. */
const ofTheImages = [
  "KAFKA_CLUSTER_ID",
  "KAFKA_KRAFT_CLUSTER_ID",
  "KAFKA_DATA_DIRS",
  "KAFKA_ENABLE_KRAFT",
  "KAFKA_JMX_PORT",
  "KAFKA_SKIP_KRAFT_STORAGE_INIT",
  "KAFKA_SSL_KEYSTORE_FILENAME",
  "KAFKA_SSL_KEYSTORE_CREDENTIALS",
  "KAFKA_SSL_KEY_CREDENTIALS",
  "KAFKA_SSL_TRUSTSTORE_FILENAME",
  "KAFKA_SSL_TRUSTSTORE_CREDENTIALS",
];

const notConfigs = new Set([...ofTheScripts, ...ofTheImages]);

/** What Kubernetes tells every container of a service whose name begins with "kafka". */
const ofKubernetes =
  /^KAFKA_(?:\w+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:ADDR|PORT|PROTO))?)$/;

/** Names of older scripts for Kafka's configs, as Bitnami's image still takes them. */
const olderNames: ReadonlyMap<string, string> = new Map([
  ["logs.dirs", "log.dirs"],
  ["segment.bytes", "log.segment.bytes"],
  ["max.message.bytes", "message.max.bytes"],
]);

/** Whether Kubernetes has set the variable, and not the person who runs the container. */
export function isOfKubernetes(variable: string, value: string): boolean {
  if (ofKubernetes.test(variable)) return true;
  return /^KAFKA_(?:\w+_)?PORT$/.test(variable) && /^(?:tcp|udp|sctp):\/\//.test(value);
}

/**
 * The config that a variable sets: `KAFKA_` is taken out, a single underscore stands for a dot, two for an underscore
 * and three for a dash. Bitnami's `KAFKA_CFG_` says the same as `KAFKA_`. Null where the variable sets no config.
 *
 * @example configOf("KAFKA_LOG_DIRS") === "log.dirs"
 */
export function configOf(variable: string): string | null {
  if (!variable.startsWith("KAFKA_") || notConfigs.has(variable)) return null;
  const name = variable
    .replace(/^KAFKA_CFG_/, "KAFKA_")
    .replaceAll("KAFKA_", "")
    .toLowerCase()
    .replaceAll("_", ".")
    .replaceAll("...", "-")
    .replaceAll("..", "_");
  return olderNames.get(name) ?? name;
}
