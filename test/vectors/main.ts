/**
 * `bun run vectors FILE`: whether every encoding in the file reads as its value and is written as its bytes.
 */
import { complaint, readVectors } from "./round-trip.ts";

const [path] = process.argv.slice(2);
if (path === undefined) {
  console.error("usage: bun run vectors FILE (a line of JSON each, plain or gzipped)");
  process.exit(2);
}

const vectors = await readVectors(path).catch((error: unknown) => {
  console.error(`${path} can't be read: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(2);
});
const complaints = vectors.map(complaint).filter((line) => line !== undefined);
for (const line of complaints) console.error(line.slice(0, 2000));
console.log(`${vectors.length - complaints.length}/${vectors.length} vectors round-trip`);
process.exit(complaints.length === 0 && vectors.length > 0 ? 0 : 1);
