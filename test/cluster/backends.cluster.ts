/** The same sweeps over the other servers: PostgreSQL, and Valkey where PyPI's is at hand. */
import { describe, expect, it } from "vitest";
import { run } from "./commands.ts";
import { FAULTS, type Fault } from "./faults.ts";
import { findPostgres, startPostgres } from "./servers/postgres.ts";
import { findValkey, startRedis } from "./servers/redis.ts";
import type { QueueServer } from "./servers/server.ts";
import { openSite } from "./site.ts";

const PLAN = { seeds: 4, rounds: 600 };

interface Backend {
  readonly name: string;
  readonly isHere: boolean;
  readonly isLasting: boolean;
  readonly start: (fault: Fault) => Promise<QueueServer>;
}

const valkey = findValkey();
const BACKENDS: readonly Backend[] = [
  { name: "PostgreSQL", isHere: findPostgres() !== undefined, isLasting: true, start: startPostgres },
  {
    name: "Valkey",
    isHere: valkey !== undefined,
    isLasting: false,
    start: ({ server }) => startRedis({ ...server, program: valkey }),
  },
];

describe.each(BACKENDS)(
  "over $name, a sweep is that of one machine, where",
  ({ isHere, isLasting, start }) => {
    const site = openSite();

    // A PostgreSQL never comes back empty.
    const faults = FAULTS.filter(({ name }) => !isLasting || !name.includes("empty"));
    it.skipIf(!isHere).each(faults)("$name", async (fault) => {
      const server = await start(fault);
      try {
        if (isLasting) {
          const { code, stderr } = await run(site.surroundings(), [
            "queue",
            "migrate",
            "--queue",
            server.url,
          ]);
          expect(code, stderr).toBe(0);
        }
        const rounds = Math.max(PLAN.rounds, fault.plan.rounds);
        await site.play(fault, { seeds: Math.min(4, fault.plan.seeds), rounds }, fault.times, server);
      } finally {
        await server.stop();
      }
    });
  },
);
