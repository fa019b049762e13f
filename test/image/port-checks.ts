/**
 * How programs find out inside of a container whether a port is listened to: commands, any of which may be missing.
 */
export const portChecks = (port: number): readonly (readonly string[])[] => [
  ["/bin/sh", "-c", `cat /proc/net/tcp* | awk '{print $2}' | grep -i :${port.toString(16).padStart(4, "0")}`],
  ["/bin/sh", "-c", `nc -vz -w 1 localhost ${port}`],
  ["/bin/bash", "-c", `</dev/tcp/localhost/${port}`],
];
