/**
 * Where the data of a container goes when nobody says so: the volume that the image declares, or a place where
 * another image keeps it and somebody has mounted a volume.
 */
import { META_PROPERTIES } from "../../metadata/meta-properties.ts";

export const DATA_DIRECTORY = "/var/lib/kafka/data";

/** Where Bitnami's and Apache Kafka's images keep their data. */
const otherPlaces = ["/bitnami/kafka/data", "/tmp/kraft-combined-logs", "/tmp/kafka-logs"];

/** What is mounted there is not there for the data. */
const notForData = ["/", "/tmp"];

export interface FileSystem {
  exists(path: string): boolean;
  /** As Linux tells it in /proc/self/mountinfo. */
  readonly mountInfo: string;
}

/** The directory; one that holds data already comes first. */
export function dataDirectory({ exists, mountInfo }: FileSystem): string {
  const used = [DATA_DIRECTORY, ...otherPlaces].find((path) => exists(`${path}/${META_PROPERTIES}`));
  if (used !== undefined) return used;
  const mounted = mountPoints(mountInfo).filter((path) => !notForData.includes(path));
  const isMounted = (directory: string) => mounted.some((path) => `${directory}/`.startsWith(`${path}/`));
  return otherPlaces.find(isMounted) ?? DATA_DIRECTORY;
}

/** The fifth field of each line; blanks and backslashes in it are written as octal numbers. */
function mountPoints(mountInfo: string): string[] {
  return mountInfo
    .split("\n")
    .map((line) => line.split(" ")[4] ?? "")
    .filter((path) => path !== "")
    .map((path) =>
      path.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    );
}
