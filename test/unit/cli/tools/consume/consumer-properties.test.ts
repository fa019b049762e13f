import { describe, expect, test } from "bun:test";
import {
  consumerProperties,
  type GivenForConsumer,
} from "../../../../../src/cli/tools/consume/consumer-properties.ts";

const nothing: GivenForConsumer = {
  "command-config": undefined,
  "consumer.config": undefined,
  "command-property": [],
  "consumer-property": [],
  group: undefined,
  partition: undefined,
  "from-beginning": false,
  "isolation-level": "read_uncommitted",
};
const properties = (given: Partial<GivenForConsumer>) =>
  Object.fromEntries(consumerProperties({ ...nothing, ...given }));

describe("the properties of a console consumer", () => {
  test("begin at the end, or at the beginning if that is asked for", () => {
    expect(properties({})["auto.offset.reset"]).toBe("latest");
    expect(properties({ "from-beginning": true })["auto.offset.reset"]).toBe("earliest");
    expect(() =>
      properties({ "from-beginning": true, "command-property": ["auto.offset.reset=latest"] }),
    ).toThrow("Can't simultaneously specify --from-beginning and 'auto.offset.reset=latest'");
  });

  test("have a group only where one is named, in one way", () => {
    expect(properties({})["group.id"]).toBeUndefined();
    expect(properties({ group: "g" })["group.id"]).toBe("g");
    expect(properties({ group: "g", "command-property": ["group.id=g"] })["group.id"]).toBe("g");
    expect(() => properties({ group: "g", "command-property": ["group.id=h"] })).toThrow(
      "Detected group ids: 'g', 'h'",
    );
    expect(() => properties({ group: "g", partition: 1 })).toThrow(
      "Options group and partition cannot be specified together.",
    );
  });

  test("have the isolation level of the option, or of a property", () => {
    expect(properties({})["isolation.level"]).toBe("read_uncommitted");
    expect(properties({ "isolation-level": "read_committed" })["isolation.level"]).toBe("read_committed");
    const byProperty = properties({ "command-property": ["isolation.level=read_committed"] });
    expect(byProperty["isolation.level"]).toBe("read_committed");
  });
});
