/**
 * What metrics are called: as Apache Kafka's are by way of Prometheus's JMX exporter with the rules that come with it for
 * Kafka (its examples/kafka-2_0_0.yml), so that dashboards and alerts made for Kafka find them.
 *
 * The rule, for an MBean `domain:type=TYPE,name=NAME,key=value…`: the name is `domain_type_name` in lower case, what is
 * no letter or digit an underscore. A meter, whose name ends in `PerSec`, is a counter: `_total` stands for the ending.
 * The further keys are labels, in lower case without dashes. A histogram is a summary; that it has a `_sum` here is more
 * than the exporter knows. What belongs to consumer groups is called as the well-known kafka_exporter calls it
 * (`kafka_consumergroup_lag` and so on), what belongs to the process as Prometheus's own libraries do (`process_…`), and
 * what is Houska's own begins with `houska_`.
 */
import type { Family, Labels, Sample } from "../../observe/metrics/exposition.ts";

const METER = /PerSec$/;
/** What is no summary and ends like a part of one has no type, as with the exporter: Prometheus's rules want it so. */
const PART_OF_A_SUMMARY = /_(sum|count)$/;

/** The name by the rule, such as `kafka_server_brokertopicmetrics_messagesin_total`. */
export function jmxName(domain: string, type: string, name: string): string {
  const meter = METER.test(name);
  const plain = [domain, type, name.replace(METER, "")].join("_").toLowerCase().replace(/\W|-/g, "_");
  return meter ? `${plain}_total` : plain;
}

/** The MBeans of one type, made into families. */
export class Bean {
  constructor(
    private readonly domain: string,
    private readonly type: string,
  ) {}

  /** A value without labels, or one for each labelled sample. Meters are counters. */
  values(name: string, help: string, values: number | readonly Sample[]): Family {
    return family(
      METER.test(name) ? "counter" : "gauge",
      jmxName(this.domain, this.type, name),
      help,
      values,
    );
  }

  /** Kafka's histograms: a summary each. */
  summary(name: string, help: string, samples: readonly Sample[]): Family {
    return { name: jmxName(this.domain, this.type, name), help, type: "summary", samples };
  }
}

/** A family with a name of its own, and one sample or several. */
export function family(
  type: "counter" | "gauge",
  name: string,
  help: string,
  values: number | readonly Sample[],
): Family {
  const samples = typeof values === "number" ? [{ labels: {}, value: values }] : values;
  return { name, help, type: PART_OF_A_SUMMARY.test(name) ? "untyped" : type, samples };
}

/** A sample of a family. */
export function sample(value: number, labels: Labels): Sample {
  return { value, labels };
}
