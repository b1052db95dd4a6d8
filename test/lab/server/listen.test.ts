/** The port of a lab. */
import { createServer, type Server } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { listen } from "../../../src/lab/server/listen.ts";

const servers: Server[] = [];
const open = (): Server => {
  const server = createServer();
  servers.push(server);
  return server;
};
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

describe("a port", () => {
  it("is refused with what to do where another program listens on it", async () => {
    const port = await listen(open(), 0);
    await expect(listen(open(), port)).rejects.toMatchObject({
      code: "usage.port",
      message: `expected a free port, got ${port}, which another program listens on`,
      hint: expect.stringContaining("--port"),
    });
  });

  it("is the next free one where none was asked for", async () => {
    const first = await listen(open(), undefined);
    const second = await listen(open(), undefined);
    expect(second).toBeGreaterThan(first);
  });

  it("is this machine's alone", async () => {
    const server = open();
    await listen(server, 0);
    expect(server.address()).toMatchObject({ address: "127.0.0.1" });
  });
});
