/** The directory that a path lies in: where its name has to be made durable. */
export function parentOf(path: string): string {
  const end = path.replace(/\/+$/, "").lastIndexOf("/");
  if (end < 0) return ".";
  return path.slice(0, end) || "/";
}
