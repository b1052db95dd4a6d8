/** The faults that a queue must outlast, in small; `npm run test:cluster` has all of them in full. */
import { describe, it } from "vitest";
import { FAULTS } from "../cluster/faults.ts";
import { playPoison, poison } from "../cluster/poison.ts";
import { PASSWORD, playSecret, playWrongPassword } from "../cluster/secrets.ts";
import { findRedis, startRedis } from "../cluster/servers/redis.ts";
import { openSite } from "../cluster/site.ts";

/** Seconds on free cores, minutes on busy ones. */
const PATIENT = { timeout: 400_000 };
const PLAN = { seeds: 2, rounds: 300 };
const DEED = "ends its child";
const POISONED = "gan_lr=1e-2_seed=2020";

const fast = FAULTS.filter((fault) => fault.fast !== undefined);

describe.skipIf(!findRedis())("a small sweep over a queue", () => {
  const site = openSite();

  it.each(fast)("is that of one machine, where $name", PATIENT, async (fault) => {
    const server = await startRedis(fault.server);
    try {
      await site.play(fault, fault.fast!, fault.fastTimes ?? fault.times, server);
    } finally {
      await server.stop();
    }
  });

  it(
    "gives up a run that ends its child each time, even where one worker has it alone",
    PATIENT,
    async () => {
      const surroundings = poison(site.surroundings(), POISONED, DEED);
      const server = await startRedis();
      try {
        await playPoison(surroundings, server, PLAN, POISONED, DEED, 1);
      } finally {
        await server.stop();
      }
    },
  );

  it("runs under TLS for a user with few rights, whose password stands nowhere", PATIENT, async () => {
    const server = await startRedis({ password: PASSWORD, isEncrypted: true });
    try {
      await playSecret(site, server, PLAN);
      await playWrongPassword(site, server, PLAN);
    } finally {
      await server.stop();
    }
  });
});
