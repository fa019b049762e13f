/**
 * Log directories that this user can't write to.
 */
import { afterAll, expect, test } from "bun:test";
import { statSync } from "node:fs";
import { join } from "node:path";
import { examineDirectory } from "../../../../src/cli/doctor/directories.ts";
import { removeTemporaryFolders, temporaryFolder } from "../../../support/broker-process.ts";

afterAll(removeTemporaryFolders);

const expected = { nodeId: 1, clusterId: undefined };
const refusing = (code: string) => () => {
  throw Object.assign(new Error(`${code}: refused`), { code });
};
const { uid, gid } = statSync(temporaryFolder());
const user = process.getuid?.();

test("whose it is, and how to change that, is told of one that belongs to somebody else", () => {
  const path = temporaryFolder();
  const { findings } = examineDirectory(path, expected, refusing("EACCES"));

  expect(findings).toEqual([
    {
      about: path,
      severity: "problem",
      message: `User ${user} can't write to ${path}, which belongs to user ${uid} and group ${gid} with mode 700.`,
      advice: `Let user ${user} write there, as with: chown -R ${user} ${path}`,
    },
  ]);
});

test("one that isn't there can't be made where its parent can't be written to", () => {
  const parent = temporaryFolder();
  const [found] = examineDirectory(join(parent, "a", "b"), expected, refusing("EACCES")).findings;

  expect(found?.severity).toBe("problem");
  expect(found?.message).toStartWith(
    `It isn't there, and can't be made: User ${user} can't write to ${parent}`,
  );
});

test("a file system that can only be read is another matter", () => {
  const path = temporaryFolder();
  const [found] = examineDirectory(path, expected, refusing("EROFS")).findings;

  expect(found?.message).toBe(`${path} is on a file system that can only be read.`);
});
