/** A queue under TLS, for a user with few rights and a password: it works, and the password stands nowhere. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { listGroup, run } from "./commands.ts";
import { LOCK_SECONDS } from "./faults.ts";
import { tellFigure } from "./figures.ts";
import type { Started } from "./processes.ts";
import { expectAsOnOneMachine, type Plan, Room } from "./room.ts";
import type { RedisServer } from "./servers/redis.ts";
import type { Site } from "./site.ts";

export const PASSWORD = "a-word-that-nobody-else-writes";

/** Words of all processes that belong to a command, as anybody on the machine may read them. */
const readWords = (started: Started): string =>
  listGroup(started)
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8");
      } catch {
        return "";
      }
    })
    .join("\n");

const toEnvironment = ({ authority }: RedisServer, url: string): Readonly<Record<string, string>> => ({
  GAN_EVAL_QUEUE_LOCK: `${LOCK_SECONDS}`,
  GAN_EVAL_QUEUE: url,
  ...(authority !== undefined && { NODE_EXTRA_CA_CERTS: authority }),
});

/** A sweep by a user with a password. The URL is in the environment, as docs say. */
export async function playSecret(site: Site, server: RedisServer, plan: Plan): Promise<void> {
  const reference = await site.reference(plan);
  const surroundings = site.surroundings();
  const room = new Room({
    surroundings: { ...surroundings, env: toEnvironment(server, server.url) },
    server,
    plan,
    name: "secret",
    isUrlGiven: false,
  });
  const seen: string[] = [];
  const timer = setInterval(() => {
    for (const started of [room.producer, ...room.workers]) seen.push(readWords(started));
  }, 200);
  try {
    room.addWorker();
    room.addWorker();
    await expectAsOnOneMachine(room, reference);
  } finally {
    clearInterval(timer);
    await room.close();
  }
  // Children were seen, so that their words were looked at.
  expect(seen.join("\n")).toContain("child.js");
  const said = [room.producer, ...room.workers].flatMap(({ stdout, stderr }) => [stdout(), stderr()]);
  for (const text of [...seen, ...said]) expect(text).not.toContain(PASSWORD);
  const { stdout } = spawnSync("grep", ["-r", "-l", "--", PASSWORD, surroundings.root], { encoding: "utf8" });
  expect(stdout).toBe("");
}

/** Who may not come in is told so at once. */
export async function playWrongPassword(site: Site, server: RedisServer, plan: Plan): Promise<void> {
  const wrong = "another-word-that-is-wrong";
  const env = toEnvironment(server, server.url.replace(PASSWORD, wrong));
  const place = { ...site.surroundings(), env };
  for (const words of [
    ["worker", "--root", place.root, "--jobs", "1"],
    ["queue", "status"],
    ["sweep", "--data", "ring", "--lr", "1e-3,1e-2", "--rounds", `${plan.rounds}`, "--out", "refused"],
  ]) {
    const { code, stderr, stdout, seconds } = await run(place, words);
    expect(code, `${words[0]}: ${stderr}`).toBe(2);
    expect(stderr).toMatch(/^error: expected to be let in to [^\n]*\*\*\*/);
    expect(stderr.match(/error/g), stderr).toHaveLength(1);
    expect(stderr + stdout).not.toContain(wrong);
    tellFigure(`a wrong password: gan-eval ${words[0]} ends after`, `${seconds.toFixed(1)} s`);
    // Less than 2 s on a free machine. Somebody who tries again for ever would end otherwise, and later.
    expect(seconds).toBeLessThan(60);
  }
}
