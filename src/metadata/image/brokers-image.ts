/**
 * The brokers and controllers that have registered. On one node that is what Apache Kafka wrote when it was the last
 * to have the directory: Houska knows that it lives without writing it down.
 */
import type { MetadataRecord, RecordMessage, RecordName } from "../records.ts";
import { ReplayError } from "./replay-error.ts";

/** A broker as it registered, with what has changed since. Never changed; a change makes a new one. */
export type BrokerImage = Readonly<RecordMessage<"RegisterBrokerRecord">>;
export type ControllerImage = Readonly<RecordMessage<"RegisterControllerRecord">>;

/** What a change of a registration says of a state: on, off, or nothing. */
const ON = 1;
const OFF = -1;

export class BrokersImage {
  readonly brokers = new Map<number, BrokerImage>();
  readonly controllers = new Map<number, ControllerImage>();

  register(record: RecordMessage<"RegisterBrokerRecord">): void {
    this.brokers.set(record.brokerId, record);
  }

  unregister({ brokerId, brokerEpoch }: RecordMessage<"UnregisterBrokerRecord">): void {
    this.registered("UnregisterBrokerRecord", brokerId, brokerEpoch);
    this.brokers.delete(brokerId);
  }

  change(record: RecordMessage<"BrokerRegistrationChangeRecord">): void {
    const broker = this.registered("BrokerRegistrationChangeRecord", record.brokerId, record.brokerEpoch);
    this.brokers.set(record.brokerId, {
      ...broker,
      fenced: switched(broker.fenced, record.fenced),
      inControlledShutdown: switched(broker.inControlledShutdown, record.inControlledShutdown),
      logDirs: record.logDirs.length > 0 ? record.logDirs : broker.logDirs,
      cordonedLogDirs: record.cordonedLogDirs ?? broker.cordonedLogDirs,
    });
  }

  /** The records of Kafka before 3.3. */
  setFenced(name: "FenceBrokerRecord" | "UnfenceBrokerRecord", id: number, epoch: bigint): void {
    const broker = this.registered(name, id, epoch);
    this.brokers.set(id, { ...broker, fenced: name === "FenceBrokerRecord" });
  }

  registerController(record: RecordMessage<"RegisterControllerRecord">): void {
    this.controllers.set(record.controllerId, record);
  }

  unregisterController({ controllerId }: RecordMessage<"UnregisterControllerRecord">): void {
    if (!this.controllers.delete(controllerId)) {
      throw new ReplayError(`controller ${controllerId} is unregistered and was never registered`);
    }
  }

  *records(registerBrokerVersion: number): Generator<MetadataRecord> {
    for (const message of this.brokers.values()) {
      yield { name: "RegisterBrokerRecord", version: registerBrokerVersion, message };
    }
    for (const message of this.controllers.values()) {
      yield { name: "RegisterControllerRecord", version: 0, message };
    }
  }

  private registered(record: RecordName, id: number, epoch: bigint): BrokerImage {
    const broker = this.brokers.get(id);
    if (broker === undefined) throw new ReplayError(`${record}: broker ${id} has not registered`);
    if (broker.brokerEpoch !== epoch) {
      throw new ReplayError(`${record}: broker ${id} has epoch ${broker.brokerEpoch}, not ${epoch}`);
    }
    return broker;
  }
}

function switched(before: boolean, change: number): boolean {
  if (change === ON) return true;
  return change === OFF ? false : before;
}
