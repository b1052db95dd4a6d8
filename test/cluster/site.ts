/** Where tests of the queue work: an installation, a root for workers, and references that are trained once. */
import { rmSync } from "node:fs";
import { afterAll, beforeAll } from "vitest";
import { buildProgram } from "../cli/built-program.ts";
import type { Surroundings } from "./commands.ts";
import { type Fault, LOCK_SECONDS } from "./faults.ts";
import { endAll } from "./processes.ts";
import { expectAsOnOneMachine, type Plan, planToWords, Room, trainReference } from "./room.ts";
import { type Folder, openFolder, type QueueServer } from "./servers/server.ts";

export interface Site {
  readonly surroundings: () => Surroundings;
  /** The plan's folder, trained on one machine. */
  reference(plan: Plan): Promise<string>;
  /** Plays a fault over a server, and compares. */
  play(fault: Fault, plan: Plan, times: number, server: QueueServer): Promise<void>;
}

/** `GAN_EVAL_FAULT_SEEDS`: a busy machine plays the matrix with fewer runs, two a seed. */
export const MOST_SEEDS = Number(process.env.GAN_EVAL_FAULT_SEEDS ?? Number.POSITIVE_INFINITY);

/** Locks and leases short enough for tests. */
const SHORT = { GAN_EVAL_QUEUE_LOCK: `${LOCK_SECONDS}` };

/** For the tests of one file. `env`: of every command. */
export function openSite(env: Readonly<Record<string, string>> = SHORT): Site {
  let program = "";
  let built: string | undefined;
  let root: Folder;
  let count = 0;
  const references = new Map<string, Promise<string>>();
  beforeAll(() => {
    program = process.env.GAN_EVAL_TEST_PROGRAM ?? "";
    if (program === "") program = built = buildProgram();
    root = openFolder("root");
  });
  afterAll(async () => {
    await endAll();
    if (built !== undefined) rmSync(built, { recursive: true, force: true });
    root?.remove();
  });
  const surroundings = (): Surroundings => ({ program, root: root.location, env });
  const reference = (plan: Plan): Promise<string> => {
    const key = planToWords(plan).join(" ");
    let found = references.get(key);
    if (found === undefined) {
      found = trainReference(surroundings(), plan, `reference-${references.size}`);
      references.set(key, found);
    }
    return found;
  };
  return {
    surroundings,
    reference,
    async play(fault, whole, times, server) {
      const plan = { ...whole, seeds: Math.min(whole.seeds, MOST_SEEDS) };
      const expected = await reference(plan);
      const room = new Room({
        surroundings: {
          ...surroundings(),
          env: { ...env, ...(fault.lock !== undefined && { GAN_EVAL_QUEUE_LOCK: `${fault.lock}` }) },
        },
        server,
        plan,
        name: `sweep-${++count}`,
      });
      try {
        await fault.play(room, times);
        await expectAsOnOneMachine(room, expected);
        await fault.check?.(room);
      } finally {
        room.watched.stop();
        if (process.env.GAN_EVAL_TEST_TOLD) console.log(room.told());
        await room.close();
      }
    },
  };
}
