/** Rights, TLS and passwords: Redis with both, Valkey as PyPI has it without TLS. */
import { describe, it } from "vitest";
import { PASSWORD, playSecret, playWrongPassword } from "./secrets.ts";
import { findRedis, findValkey, startRedis } from "./servers/redis.ts";
import { openSite } from "./site.ts";

const PLAN = { seeds: 4, rounds: 300 };

describe.each([
  { name: "Redis under TLS", program: findRedis(), isEncrypted: true },
  { name: "Valkey", program: findValkey(), isEncrypted: false },
])("$name with a user for the queue", ({ program, isEncrypted }) => {
  const site = openSite();

  it.skipIf(!program)("trains a sweep, and the password stands nowhere", async () => {
    const server = await startRedis({ program, password: PASSWORD, isEncrypted });
    try {
      await playSecret(site, server, PLAN);
      await playWrongPassword(site, server, PLAN);
    } finally {
      await server.stop();
    }
  });
});
