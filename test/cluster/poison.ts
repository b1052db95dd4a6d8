/** A run that ends its child, or its worker too, again and again: the others finish, and the sweep says which one did not. */
import { cpSync, readFileSync, realpathSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import type { Surroundings } from "./commands.ts";
import { tellFigure } from "./figures.ts";
import { type Plan, planToCount, Room } from "./room.ts";
import type { QueueServer } from "./servers/server.ts";
import { countFinished } from "./sweep-folders.ts";

const ROUND = 10;

/** What a poisoned run does when its child has played round 10. */
const DEEDS = {
  "ends its child": "process.exit(1);",
  // As the system does where memory is short.
  "ends its worker": 'process.kill(process.ppid, "SIGKILL"); process.exit(1);',
} as const;
export type Deed = keyof typeof DEEDS;

/** A copy of an installation, below `root`, in which the run of this name does so. */
export function poison({ program, ...place }: Surroundings, name: string, deed: Deed): Surroundings {
  const copy = path.join(place.root, `program-that-${deed.replaceAll(" ", "-")}`);
  cpSync(path.join(program, "dist"), path.join(copy, "dist"), { recursive: true });
  cpSync(path.join(program, "package.json"), path.join(copy, "package.json"));
  for (const each of ["node_modules", "fixtures", "vendor"])
    symlinkSync(realpathSync(path.join(program, each)), path.join(copy, each), "dir");
  const folder = path.join(copy, "dist/sweep");
  renameSync(path.join(folder, "child.js"), path.join(folder, "child-itself.js"));
  // The first listener opens the channel: no other may stand before the child's own.
  const script = `
import "./child-itself.js";
let isPoisoned = false;
process.on("message", ({ task }) => {
  isPoisoned ||= (task?.request?.folder ?? task?.folder ?? "").endsWith(${JSON.stringify(name)});
});
const send = process.send.bind(process);
process.send = (message, ...rest) => {
  if (isPoisoned && message.kind === "progress" && message.done >= ${ROUND}) { ${DEEDS[deed]} }
  return send(message, ...rest);
};
`;
  writeFileSync(path.join(folder, "child.js"), script);
  return { ...place, program: copy };
}

/** The program must be one with a poisoned run. */
export async function playPoison(
  surroundings: Surroundings,
  server: QueueServer,
  plan: Plan,
  name: string,
  deed: Deed,
  workers: number,
): Promise<void> {
  const begun = performance.now();
  const room = new Room({ surroundings, server, plan, name: `poisoned-${deed.replaceAll(" ", "-")}` });
  try {
    for (let i = 0; i < workers; i++) room.addWorker();
    // As Kubernetes and Slurm do: a worker that is gone is started again.
    let killed = 0;
    const nurse = setInterval(() => {
      const there = room.workers.filter(({ hasEnded }) => !hasEnded()).length;
      for (let i = there; i < workers && !room.producer.hasEnded(); i++) {
        killed++;
        room.addWorker();
      }
    }, 500);
    const { code, stderr } = await room.end().finally(() => clearInterval(nurse));
    if (deed === "ends its worker") tellFigure("workers that a poisoned run took with it", `${killed}`);
    expect(killed, room.told()).toBe(deed === "ends its worker" ? 3 : 0);
    tellFigure(
      `a run that ${deed} is given up, and the others done, after`,
      `${((performance.now() - begun) / 1000).toFixed(1)} s`,
    );
    expect(code, room.told()).toBe(0);
    expect(countFinished(room.folder)).toBe(planToCount(plan) - 1);
    // The summary of failures, one line each.
    const failures = stderr.match(/^warning: gan_lr=\S+( and \d+ more)?: .*$/gm);
    expect(failures, room.told()).toHaveLength(1);
    expect(failures![0]).toContain(name);
    expect(failures![0]).not.toContain("more");
    const rows = readFileSync(path.join(room.folder, "scores.csv"), "utf8").trimEnd().split("\n").slice(1);
    expect(rows).toHaveLength(planToCount(plan));
    expect(rows.filter((row) => row.includes(name)).join()).toMatch(
      deed === "ends its worker" ? /expected a run that moves/ : /with code 1/,
    );
  } finally {
    await room.close();
  }
}
