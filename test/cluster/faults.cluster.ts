/** Every fault of the matrix over Redis: equal bytes, no lost run, never two writers. */
import { describe, it } from "vitest";
import { FAULTS } from "./faults.ts";
import { findRedis, startRedis } from "./servers/redis.ts";
import { openSite } from "./site.ts";

describe.skipIf(!findRedis())("a sweep over a queue is that of one machine, where", () => {
  const site = openSite();

  it.each(FAULTS)("$name", async (fault) => {
    const server = await startRedis(fault.server);
    try {
      await site.play(fault, fault.plan, fault.times, server);
    } finally {
      await server.stop();
    }
  });
});
