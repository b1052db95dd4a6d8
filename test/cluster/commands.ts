/** Commands of the queue as a user gives them, each a process of its own. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { isGroupThere, type Started, start } from "./processes.ts";

export interface Surroundings {
  /** The installation's folder. */
  readonly program: string;
  /** The working folder, and the root of workers. */
  readonly root: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface CommandOptions {
  /** Another host: a name of its own, and process numbers of its own. */
  readonly host?: string;
}

const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** `gan-eval WORDS` in an empty environment but for PATH and HOME. */
export function command(
  { program, root, env = {} }: Surroundings,
  words: readonly string[],
  { host }: CommandOptions = {},
): Started {
  const { PATH = "", HOME = "" } = process.env;
  const options = { cwd: root, env: { PATH, HOME, GAN_EVAL_OFFLINE: "1", ...env } };
  const argv = [path.join(program, "dist/cli/main.js"), ...words];
  if (host === undefined) return start(process.execPath, argv, options);
  const script = `hostname ${host} && exec ${[process.execPath, ...argv].map(quote).join(" ")}`;
  // Ends all processes of the other host when this one is killed, as a power cut does.
  return start(
    "unshare",
    ["--uts", "--pid", "--fork", "--kill-child=KILL", "--mount-proc", "sh", "-c", script],
    options,
  );
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** Runs a command to its end. */
export async function run(
  surroundings: Surroundings,
  words: readonly string[],
  options: CommandOptions = {},
): Promise<Outcome> {
  const begun = performance.now();
  const started = command(surroundings, words, options);
  const code = await started.ended;
  const seconds = (performance.now() - begun) / 1000;
  return { code, stdout: started.stdout(), stderr: started.stderr(), seconds };
}

export interface WorkerOptions extends CommandOptions {
  readonly jobs?: number;
  /** Whether it waits for more when nothing is left. Default true. */
  readonly isLasting?: boolean;
  readonly words?: readonly string[];
  /** Another way to the server. */
  readonly url?: string;
}

/** A worker on the queue, which the environment names where `server` does not. */
export const startWorker = (
  surroundings: Surroundings,
  server: string | undefined,
  { url = server, jobs = 1, isLasting = true, words = [], ...options }: WorkerOptions = {},
): Started =>
  command(
    surroundings,
    [
      ...["worker", ...(url === undefined ? [] : ["--queue", url])],
      ...["--root", surroundings.root, "--jobs", `${jobs}`],
      ...(isLasting ? [] : ["--exit-when-empty"]),
      ...words,
    ],
    options,
  );

/** Processes of this machine that belong to the group of a started one, itself included. */
export function listGroup({ pid }: Started): number[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      // Behind the program's name: state, parent, group.
      const [state, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return Number(group) === pid && state !== "Z" ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/** Whether nothing is left of a command: neither itself nor what it started. */
export const isGone = (started: Started): boolean =>
  !isGroupThere(started) || listGroup(started).length === 0;
