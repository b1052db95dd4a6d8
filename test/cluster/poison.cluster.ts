/** A run that ends its child, or its worker, at round 10, always, among eight. */
import { describe, it } from "vitest";
import { playPoison, poison } from "./poison.ts";
import { findRedis, startRedis } from "./servers/redis.ts";
import { openSite } from "./site.ts";

const NAME = "gan_lr=1e-2_seed=2021";

describe.skipIf(!findRedis())("a run at round 10 each time", () => {
  const site = openSite();

  it.each(["ends its child", "ends its worker"] as const)(
    "%s: it is given up, the other seven finish",
    async (deed) => {
      const surroundings = poison(site.surroundings(), NAME, deed);
      const server = await startRedis();
      try {
        await playPoison(surroundings, server, { seeds: 4, rounds: 300 }, NAME, deed, 2);
      } finally {
        await server.stop();
      }
    },
  );
});
