/**
 * The broker's configuration: every Kafka broker config as a typed field, with what follows from several of them.
 * It is never changed; a dynamic change makes a new one.
 */
import { HOUR_MS, MINUTE_MS } from "./definition.ts";
import { brokerConfig } from "./definitions/tables.ts";
import { applicableConfigs } from "./dynamic.ts";
import { type ConfigLayers, type ConfigMap, ConfigSource } from "./layers.ts";
import {
  controllerListenerNames,
  type HostAndPort,
  type ListenerConfig,
  parseAdvertisedListeners,
  parseListeners,
  parsePairs,
} from "./listeners.ts";
import { type BrokerSettings, brokerSettings } from "./settings.ts";
import { brokerSynonyms } from "./sources.ts";

/** Fields that follow from more than one key, or are more than text. */
export interface DerivedSettings {
  readonly nodeId: number;
  readonly processRoles: readonly string[];
  /** All listeners in the order given, the controller's among them (marked, and not for clients). */
  readonly listeners: readonly ListenerConfig[];
  /** By listener name; null where nothing is advertised and clients are told the address they came in by. */
  readonly advertisedListeners: ReadonlyMap<string, HostAndPort | null>;
  readonly controllerListenerNames: readonly string[];
  /** Where it is not set: the listener of security.inter.broker.protocol if there is one, else the first for clients. */
  readonly interBrokerListenerName: string;
  /** log.dirs, or log.dir where that is not set; each once. */
  readonly logDirs: readonly string[];
  /** metadata.log.dir, or the first log directory. */
  readonly metadataLogDir: string;
  readonly logRollMs: number;
  readonly logRollJitterMs: number;
  /** -1 for keeping records for ever. */
  readonly logRetentionMs: number;
  readonly logFlushIntervalMs: number;
  readonly maxConnectionsPerIpOverrides: ReadonlyMap<string, number>;
}

/** The text of a broker config and where it comes from. */
export interface ConfigWithSource {
  readonly value: string | null;
  readonly source: ConfigSource;
}

/** What a configuration can be asked besides its fields. */
export interface ConfigAccess {
  readonly layers: ConfigLayers;
  /** Dynamic configs found in the metadata that could not be applied, a sentence each. */
  readonly ignoredDynamicConfigs: readonly string[];
  /** Any broker config by its Kafka name, in Kafka's text form; keys nobody knows have what they were set to. */
  get(name: string): ConfigWithSource;
  /**
   * This configuration with other dynamic configs, as the metadata has them: the broker's own and the cluster's
   * default. What cannot be applied is left out and named in `ignoredDynamicConfigs`, as Kafka does, so that a broker
   * starts in any case.
   */
  withDynamic(perBroker: ConfigMap, clusterDefault: ConfigMap): ServerConfig;
}

export type ServerConfig = Omit<BrokerSettings, keyof DerivedSettings> & DerivedSettings & ConfigAccess;

/**
 * The configuration made of `layers`, which have been checked before.
 *
 * @throws InvalidConfigError when they have not
 */
export function serverConfigFrom(
  layers: ConfigLayers,
  ignoredDynamicConfigs: readonly string[] = [],
): ServerConfig {
  const settings = brokerSettings(layers);
  const access: ConfigAccess = {
    layers,
    ignoredDynamicConfigs,
    get(name) {
      const value = brokerConfig(name) === undefined ? layers.raw(name) : layers.text(name);
      return { value, source: brokerSynonyms(layers, name)[0]?.source ?? ConfigSource.DEFAULT_CONFIG };
    },
    withDynamic(perBroker, clusterDefault) {
      const { applicable, ignored } = applicableConfigs(layers.fixed, perBroker, clusterDefault);
      return serverConfigFrom(applicable, ignored);
    },
  };
  // Into the same object, since copying four hundred fields would cost a start half a millisecond.
  return Object.assign(settings, derivedSettings(settings, layers), access);
}

function derivedSettings(settings: BrokerSettings, layers: ConfigLayers): DerivedSettings {
  const listeners = parseListeners(layers);
  const logDirs = settings.logDirs ?? settings.logDir;
  const retentionMs =
    settings.logRetentionMs ??
    (settings.logRetentionMinutes === null
      ? settings.logRetentionHours * HOUR_MS
      : settings.logRetentionMinutes * MINUTE_MS);
  const overrides = settings.maxConnectionsPerIpOverrides;
  return {
    nodeId: layers.number("node.id"),
    processRoles: layers.list("process.roles"),
    listeners,
    advertisedListeners: parseAdvertisedListeners(layers),
    controllerListenerNames: controllerListenerNames(layers),
    interBrokerListenerName: interBrokerListenerName(settings, listeners),
    logDirs,
    metadataLogDir: settings.metadataLogDir ?? logDirs[0] ?? "",
    logRollMs: settings.logRollMs ?? settings.logRollHours * HOUR_MS,
    logRollJitterMs: settings.logRollJitterMs ?? settings.logRollJitterHours * HOUR_MS,
    logRetentionMs: retentionMs < 0 ? -1 : retentionMs,
    logFlushIntervalMs: settings.logFlushIntervalMs ?? settings.logFlushSchedulerIntervalMs,
    maxConnectionsPerIpOverrides: new Map(
      parsePairs("max.connections.per.ip.overrides", overrides).map(([address, count]) => [
        address,
        Number(count),
      ]),
    ),
  };
}

function interBrokerListenerName(settings: BrokerSettings, listeners: readonly ListenerConfig[]): string {
  if (settings.interBrokerListenerName !== null) return settings.interBrokerListenerName.toUpperCase();
  const clients = listeners.filter((listener) => !listener.controller);
  const byProtocol = clients.find((listener) => listener.name === settings.securityInterBrokerProtocol);
  return (byProtocol ?? clients[0])?.name ?? "";
}
