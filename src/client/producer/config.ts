/**
 * What can be set of a producer, under Kafka's names and with its defaults.
 */
import { CompressionType } from "../../records/compression/codec.ts";
import { ClientConfigError } from "../errors.ts";
import { invalid, Settings } from "../settings.ts";

export interface ProducerConfig {
  /** −1 for all replicas in sync, 1 for the leader alone, 0 for nobody. */
  readonly acks: -1 | 0 | 1;
  /** Bytes of a batch. */
  readonly batchSize: number;
  readonly lingerMs: number;
  readonly compression: CompressionType;
  readonly compressionLevel: number | undefined;
  /** Bytes of records that wait to be sent and answered, at most. */
  readonly bufferMemory: number;
  readonly retries: number;
  readonly requestTimeoutMs: number;
  readonly deliveryTimeoutMs: number;
  readonly maxBlockMs: number;
  readonly maxInFlight: number;
  readonly maxRequestSize: number;
  readonly idempotence: boolean;
  readonly transactionalId: string | null;
  readonly transactionTimeoutMs: number;
  readonly metadataMaxAgeMs: number;
  readonly ignoresKeys: boolean;
}

/**
 * The properties of a producer's client: what one call may take is `max.block.ms` with a producer.
 */
export function withBlockingTime(properties: ReadonlyMap<string, string>): Map<string, string> {
  const blockMs = properties.get("max.block.ms");
  return new Map([
    ...properties,
    ...(blockMs === undefined ? [] : [["default.api.timeout.ms", blockMs] as const]),
  ]);
}

/** As many batches of a producer's a broker remembers for a partition, to know one that it has already. */
const MAX_IN_FLIGHT_IDEMPOTENT = 5;

/** @throws ClientConfigError */
export function producerConfig(properties: ReadonlyMap<string, string>): ProducerConfig {
  const settings = new Settings(properties);
  const acks = acksOf(settings.choice("acks", ["all", "-1", "0", "1"], "all"));
  const retries = settings.integer("retries", 0x7fffffff);
  const maxInFlight = settings.integer("max.in.flight.requests.per.connection", 5, 1);
  const transactionalId = settings.text("transactional.id") ?? null;
  const compression = settings.choice("compression.type", ["none", "gzip", "snappy", "lz4", "zstd"], "none");
  return {
    acks,
    batchSize: settings.integer("batch.size", 16_384),
    lingerMs: settings.integer("linger.ms", 5),
    compression: CompressionType[compression],
    compressionLevel: settings.has(`compression.${compression}.level`)
      ? settings.integer(`compression.${compression}.level`, 0, -131_072)
      : undefined,
    bufferMemory: settings.integer("buffer.memory", 32 * 1024 * 1024),
    retries,
    requestTimeoutMs: settings.integer("request.timeout.ms", 30_000),
    deliveryTimeoutMs: settings.integer("delivery.timeout.ms", 120_000),
    maxBlockMs: settings.integer("max.block.ms", 60_000),
    maxInFlight,
    maxRequestSize: settings.integer("max.request.size", 1_048_576),
    idempotence: isIdempotent(settings, { acks, retries, maxInFlight, transactionalId }),
    transactionalId,
    transactionTimeoutMs: settings.integer("transaction.timeout.ms", 60_000),
    metadataMaxAgeMs: settings.integer("metadata.max.age.ms", 300_000),
    ignoresKeys: settings.flag("partitioner.ignore.keys", false),
  };
}

function acksOf(text: "all" | "-1" | "0" | "1"): -1 | 0 | 1 {
  return text === "0" ? 0 : text === "1" ? 1 : -1;
}

/** Idempotence holds unless something else that was set stands against it; asked for in so many words, it is an error. */
function isIdempotent(
  settings: Settings,
  {
    acks,
    retries,
    maxInFlight,
    transactionalId,
  }: Pick<ProducerConfig, "acks" | "retries" | "maxInFlight" | "transactionalId">,
): boolean {
  const against = [
    acks !== -1 && `Must set acks to all in order to use the idempotent producer.`,
    retries === 0 && `Must set retries to non-zero when using the idempotent producer.`,
    maxInFlight > MAX_IN_FLIGHT_IDEMPOTENT &&
      `Must set max.in.flight.requests.per.connection to at most ${MAX_IN_FLIGHT_IDEMPOTENT} to use the idempotent producer.`,
  ].find((reason) => reason !== false);
  const isAskedFor = settings.has("enable.idempotence") || transactionalId !== null;
  const wanted = settings.flag("enable.idempotence", true);
  if (transactionalId !== null && !wanted) {
    throw new ClientConfigError("Cannot set a transactional.id without also enabling idempotence.");
  }
  if (transactionalId === "") throw invalid("transactional.id", "", "String must be non-empty");
  if (wanted && isAskedFor && against !== undefined) throw new ClientConfigError(against);
  return wanted && against === undefined;
}
