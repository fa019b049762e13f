/**
 * Where the data of a container goes when nobody says so: the volume that the image declares, or a place where
 * another image kept it and somebody has mounted a volume.
 */
import { META_PROPERTIES } from "../../metadata/meta-properties.ts";

export const DATA_DIRECTORY = "/var/lib/kafka/data";

/** Directories of other images, and what is there exactly when somebody has mounted something. */
const otherPlaces = [
  { directory: "/bitnami/kafka/data", mounted: "/bitnami/kafka" },
  { directory: "/tmp/kraft-combined-logs", mounted: "/tmp/kraft-combined-logs" },
  { directory: "/tmp/kafka-logs", mounted: "/tmp/kafka-logs" },
];

/** The directory; one that holds data already comes first. */
export function dataDirectory(exists: (path: string) => boolean): string {
  const places = [DATA_DIRECTORY, ...otherPlaces.map(({ directory }) => directory)];
  const used = places.find((directory) => exists(`${directory}/${META_PROPERTIES}`));
  return used ?? otherPlaces.find(({ mounted }) => exists(mounted))?.directory ?? DATA_DIRECTORY;
}
