/**
 * Who listens on a port.
 */
import { expect, test } from "bun:test";
import { listeningInodes, ownerOf, ownerText } from "../../../../src/cli/doctor/port-owners.ts";

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:2384 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 41234 1 0000000000000000 100 0 0 10 0
   1: 0100007F:2384 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000     0        0 41999 1 0000000000000000 20 4 30 10 -1
   2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 50001 1 0000000000000000 100 0 0 10 0
`;

test("sockets that listen are told from those that are connected", () => {
  expect(listeningInodes(table, 9092)).toEqual(["41234"]);
  expect(listeningInodes(table, 80)).toEqual(["50001"]);
  expect(listeningInodes(table, 53_999)).toEqual([]);
});

test.if(process.platform === "linux")(
  "this process is found by its port, and nobody by one that is free",
  () => {
    const server = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
    const { port } = server;

    expect(ownerOf(port)?.pid).toBe(process.pid);
    server.stop(true);
    expect(ownerOf(port)).toBeUndefined();
  },
);

test("an owner that isn't known is another process", () => {
  expect(ownerText({ pid: 0, command: "" })).toBe("another process");
  expect(ownerText({ pid: 7, command: "java" })).toBe("process 7 (java)");
  expect(ownerText({ pid: 7, command: "" })).toBe("process 7");
});
