/** meta.properties: what is read, what is refused, what is written. */
import { expect, test } from "bun:test";
import { formatMetaProperties, parseMetaProperties } from "../../../src/metadata/meta-properties.ts";
import type { Uuid } from "../../../src/protocol/uuid.ts";
import { DIRECTORY_ID, fixture } from "./support.ts";

const FILE = "/data/meta.properties";

function parse(text: string) {
  return parseMetaProperties(text, FILE);
}

test("the file that kafka-storage.sh writes is read", () => {
  const text = fixture("formatted-static", "first", "meta.properties").toString();

  expect(parse(text)).toEqual({
    version: 1,
    clusterId: "q1Sh-9_ISia_zwGINzRvyQ",
    nodeId: 1,
    directoryId: "lGjCXXOdsFbZF1GmhMNVjw" as Uuid,
  });
});

test("comments, blanks and any order of the lines are fine", () => {
  const text = "! who\n# when\n\n version : 1\nnode.id=7\ncluster.id = c\n";

  expect(parse(text)).toEqual({ version: 1, clusterId: "c", nodeId: 7, directoryId: undefined });
});

test.each(["c4d6LqSbQ5iA7tMhzvRk-Q==", "c4d6LqSbQ5iA7tMhzvRk+Q==", "c4d6LqSbQ5iA7tMhzvRk+Q"])(
  "the directory id %s is a uuid",
  (id) => {
    expect(parse(`version=1\nnode.id=1\ncluster.id=c\ndirectory.id=${id}`).directoryId).toBe(
      "c4d6LqSbQ5iA7tMhzvRk-Q" as Uuid,
    );
  },
);

test("version 0, said or not, calls the node broker.id", () => {
  expect(parse("broker.id=3\n")).toEqual({
    version: 0,
    clusterId: undefined,
    nodeId: 3,
    directoryId: undefined,
  });
  expect(parse("version=0\ncluster.id=c\n").nodeId).toBeUndefined();
});

test.each([
  ["version=2\n", "version is 2"],
  ["version=1\nnode.id=1\n", "cluster.id is missing"],
  ["version=1\ncluster.id=c\n", "node.id is missing"],
  ["version=1\ncluster.id=c\nnode.id=one\n", "line 3: node.id is 'one'"],
  ["version=1\ncluster.id=c\nnode.id=-1\n", "line 3: node.id is '-1'"],
  ["version=1\ncluster.id=c\nnode.id=1\ndirectory.id=short\n", "line 4: directory.id is 'short'"],
  ["cluster.id=\\u00\n", "\\u must be followed"],
])("%j is refused with the file and the reason", (text, reason) => {
  expect(() => parse(text)).toThrow(`${FILE}: ${reason}`);
});

test("what is written has the form of java.util.Properties and is read again", () => {
  const identity = { clusterId: "a=b:c#d!e f\\g", nodeId: 5, directoryId: DIRECTORY_ID };
  const text = formatMetaProperties(identity, Date.UTC(2026, 10, 5, 9, 9, 4));

  expect(text).toStartWith("#\n#Thu Nov 05 09:09:04 UTC 2026\n");
  expect(text).toEndWith("version=1\n");
  expect(parse(text)).toEqual({ version: 1, ...identity });
});
