/**
 * Lines of a shell script that make a root file system out of layers, in a mount namespace of its own.
 */

/** A word for the shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Lays `layers`, the lowest first, upon each other, with `changes` to take what is changed. */
export function overlay(layers: readonly string[], changes: string, work: string, mounted: string): string {
  const options = `lowerdir=${[...layers].reverse().join(":")},upperdir=${changes},workdir=${work}`;
  return `mount --make-rprivate /\nmount -t overlay overlay -o ${quoted(options)} ${quoted(mounted)}`;
}

/** /proc and /dev as a container has them. */
export function deviceFiles(mounted: string): string {
  return `cd ${quoted(mounted)}
mount -t proc proc proc
mount -t tmpfs -o mode=755 tmpfs dev
mkdir -m 1777 dev/shm
for device in null zero full random urandom tty; do
  touch dev/$device
  mount --bind /dev/$device dev/$device
done
ln -s /proc/self/fd dev/fd
for number in 0:stdin 1:stdout 2:stderr; do ln -s /proc/self/fd/\${number%:*} dev/\${number#*:}; done
cd /`;
}
