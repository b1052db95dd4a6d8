/** The rules of a queue that need no server: what is poison, what is healed, which failures are the machine's. */

import { describe, expect, it } from "vitest";
import * as zod from "zod";
import { duration } from "../../src/queue/duration.ts";
import { jobsToHealing, type SeenJob } from "../../src/queue/healing.ts";
import { HeldLocks } from "../../src/queue/held-locks.ts";
import { failureToReason, isOfThePlace, reasonToFailure } from "../../src/queue/job-endings.ts";
import { kindToQueueName } from "../../src/queue/open-queue.ts";
import { loadPackage } from "../../src/queue/packages.ts";
import { countStalls, isPoison, type Stalls } from "../../src/queue/poison.ts";
import { LOCK_SECONDS, lockToTimes } from "../../src/queue/times.ts";

/** Rounds at which workers took the job, one stall before each. */
const stallsAt = (...rounds: number[]): Stalls | undefined =>
  rounds.reduce<Stalls | undefined>((stalls, round, i) => countStalls(stalls, i + 1, round), undefined);

describe("a job that stalls", () => {
  it("three times in a row without a new checkpoint is poison", () => {
    expect(isPoison(stallsAt(0, 0, 0)!)).toBe(true);
    expect(isPoison(stallsAt(100, 100, 100, 100)!)).toBe(true);
  });

  it("and moves is unlucky, however often it stalls", () => {
    const rounds = Array.from({ length: 50 }, (_, i) => 100 * (i + 1));
    expect(isPoison(stallsAt(...rounds)!)).toBe(false);
    expect(isPoison(stallsAt(0, 0, 100, 100, 100, 200)!)).toBe(false);
  });

  it("is counted once a stall, however often it is taken", () => {
    const stalls = stallsAt(0, 0)!;
    expect(countStalls(stalls, 2, 0)).toBe(stalls);
  });
});

describe("the healing of a plan", () => {
  const job = (id: string, place: SeenJob["place"], isDone = false): SeenJob => ({ id, place, isDone });

  it("believes the folders: what has ended on disk has ended, and what the queue does not know is added again", () => {
    expect(
      jobsToHealing([
        ...[job("a", "waiting"), job("b", "active"), job("c", "nowhere"), job("d", "nowhere", true)],
        ...[job("e", "completed", true), job("f", "completed"), job("g", "failed"), job("h", "failed", true)],
      ]),
    ).toEqual({ ended: ["d", "e", "h"], lost: ["c"], kept: ["f", "g"] });
  });
});

describe("a failure", () => {
  it.each([
    "input.cannot-write",
    "internal.child",
    "unavailable.weights",
    "ENOSPC",
    "ESTALE",
    "run.lock-lost",
  ])("%s is the machine's: another one may do better", (code) => expect(isOfThePlace(code)).toBe(true));

  it.each(["run.diverged", "usage.img-size", "input.no-such-file", "internal.unexpected"])(
    "%s is the run's own: it would fail again",
    (code) => expect(isOfThePlace(code)).toBe(false),
  );

  it("is one line in the queue, and comes back with code and message", () => {
    for (const message of ["a [b] c", "two\nlines", ""])
      expect(reasonToFailure(failureToReason("queue.poison", message))).toEqual({
        code: "queue.poison",
        message,
      });
    expect(reasonToFailure("job stalled")).toEqual({ code: "queue.failed", message: "job stalled" });
  });
});

describe("times", () => {
  it("all follow from the lock, and are the documented ones by default", () => {
    expect(lockToTimes(LOCK_SECONDS)).toEqual({
      ...{ lock: 60_000, stalled: 15_000, heal: 15_000, silence: 45_000, held: 10_000, backoff: 5_000 },
      ...{ contact: 5_000, early: 60_000, lease: 60 },
    });
    const { lock, silence } = lockToTimes(6);
    expect(silence).toBeLessThan(lock);
  });

  it.each([
    ["90s", 90],
    ["45m", 2700],
    ["3h50m", 13_800],
    ["1h0m5s", 3605],
    ["12", 12],
    [7, 7],
  ])("are read as people write them: %s", (given, seconds) => {
    expect(duration().schema(zod).parse(given)).toBe(seconds);
  });

  it.each(["", "0s", "3 hours", "-5s", "1h30", "m"])("that are none are refused: %j", (given) => {
    expect(duration().schema(zod).safeParse(given).success).toBe(false);
  });
});

describe("a lock", () => {
  it("that was not renewed for too long is lost before it is over, and another job's is not", () => {
    const locks = new HeldLocks(45_000);
    const heard = new Map<string, (given: never) => void>();
    locks.listen({ on: (name: string, does: (given: never) => void) => heard.set(name, does) } as never);
    const [a, b, c] = ["a", "b", "c"].map((id) => locks.hold(id));
    const now = performance.now();
    locks.loseSilent(now + 40_000);
    expect([a.isLost, b.isLost]).toEqual([false, false]);
    heard.get("lockRenewalFailed")!(["c"] as never);
    expect([a.isLost, b.isLost, c.isLost]).toEqual([false, false, true]);
    locks.loseSilent(now + 50_000);
    expect([a.signal.aborted, b.signal.aborted]).toEqual([true, true]);
    for (const held of [a, b, c]) held.release();
    expect(locks.count).toBe(0);
  });
});

describe("a queue", () => {
  it("is called by its kind and the minor version, so that no other version takes its jobs", () => {
    expect(kindToQueueName("train", "0.2.7")).toBe("train-0.2");
    expect(kindToQueueName("extract", "1.10.0-rc.1")).toBe("extract-1.10");
  });

  it("without its packages says how to install them", async () => {
    const missing = () =>
      Promise.reject(new Error("Cannot find package 'bullmq' imported from x\nRequire stack"));
    await expect(loadPackage(missing, "bullmq ioredis")).rejects.toMatchObject({
      code: "usage.queue-packages",
      message: "expected the packages of a queue, got Cannot find package 'bullmq' imported from x",
      hint: "Install them beside gan-eval: npm install bullmq ioredis",
    });
  });
});
