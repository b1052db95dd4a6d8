/** A cluster of one machine: Debian's Slurm on loopback, in a temporary folder, where it is installed. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname, tmpdir } from "node:os";
import path from "node:path";

const PROGRAMS = ["/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/sbin/munged", "/usr/bin/sbatch"];

/** Whether it can be started here; says on stderr what is missing if not. Its daemons want root, and Linux. */
export function hasSlurm(): boolean {
  const missing = PROGRAMS.filter((program) => !existsSync(program));
  if (process.getuid?.() === 0 && missing.length === 0) return true;
  const why = missing.length > 0 ? `${missing.join(", ")} are absent` : "only root can start its daemons";
  console.warn(`skipped: tests with Slurm, for ${why} (Debian: slurmctld slurmd slurm-client munge)`);
  return false;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** @throws Error where it is not so in time */
export async function until(what: string, isSo: () => boolean, seconds = 120): Promise<void> {
  for (let left = seconds * 10; !isSo(); left--) {
    if (left === 0) throw new Error(`${what}: not within ${seconds} s`);
    await pause(100);
  }
}

/** More cores than there are: it is told so, and array tasks run side by side. */
const toConfig = (folder: string, host: string, ports: readonly [number, number]): string => `
ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${ports[0]}
SlurmdPort=${ports[1]}
AuthType=auth/munge
AuthInfo=socket=${folder}/munge.socket
SlurmUser=root
SlurmdUser=root
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmdParameters=config_overrides
MpiDefault=none
SwitchType=switch/none
NodeName=${host} NodeAddr=127.0.0.1 CPUs=16 RealMemory=262144 State=UNKNOWN
PartitionName=all Nodes=${host} Default=YES MaxTime=INFINITE State=UP
`;

export class Slurm {
  private readonly folder: string;
  private readonly daemons: ChildProcess[] = [];

  private constructor() {
    this.folder = mkdtempSync(path.join(tmpdir(), "slurm-"));
  }

  /** Started, with one node that is idle. */
  static async start(): Promise<Slurm> {
    const slurm = new Slurm();
    try {
      await slurm.begin();
      return slurm;
    } catch (error) {
      await slurm.end();
      throw error;
    }
  }

  private get env(): NodeJS.ProcessEnv {
    return { ...process.env, SLURM_CONF: path.join(this.folder, "slurm.conf") };
  }

  private daemon(program: string, ...args: string[]): void {
    this.daemons.push(spawn(program, args, { env: this.env, stdio: "ignore" }));
  }

  private async begin(): Promise<void> {
    const { folder } = this;
    const at = (name: string): string => path.join(folder, name);
    for (const name of ["state", "spool"]) mkdirSync(at(name));
    writeFileSync(at("munge.key"), randomBytes(128), { mode: 0o400 });
    const host = hostname().split(".")[0];
    writeFileSync(at("slurm.conf"), toConfig(folder, host, [await freePort(), await freePort()]));
    this.daemon(
      "/usr/sbin/munged",
      ...["--foreground", "--force", `--socket=${at("munge.socket")}`, `--key-file=${at("munge.key")}`],
      ...[
        `--pid-file=${at("munged.pid")}`,
        `--log-file=${at("munged.log")}`,
        `--seed-file=${at("munged.seed")}`,
      ],
    );
    await until("munged", () => existsSync(at("munge.socket")));
    this.daemon("/usr/sbin/slurmctld", "-D", "-i");
    this.daemon("/usr/sbin/slurmd", "-D");
    await until("an idle node", () => this.ask("sinfo", "-h", "-o", "%T") === "idle");
  }

  private ask(command: string, ...args: string[]): string {
    return spawnSync(command, args, { env: this.env, encoding: "utf8" }).stdout.trim();
  }

  /** Submits a job script from a folder, with a `gan-eval` of one's own on its path. @returns its number */
  submit(folder: string, bin: string, ...args: string[]): string {
    const env = { ...this.env, PATH: `${bin}:${process.env.PATH}`, GAN_EVAL_OFFLINE: "1" };
    const { stdout, stderr } = spawnSync("sbatch", ["--parsable", ...args], {
      ...{ cwd: folder, env, encoding: "utf8" },
    });
    if (stdout.trim() === "") throw new Error(stderr);
    return stdout.trim();
  }

  /** Whether it has ended. */
  hasEnded(job: string): boolean {
    return this.ask("squeue", "-h", "-j", job) === "" || this.exitCodes(job).every((code) => code !== "");
  }

  /** Exit codes of its tasks, in no order; `9` with a signal is `0:9`, and nothing while it has not ended. */
  exitCodes(job: string): string[] {
    const text = this.ask("scontrol", "-o", "show", "job", job);
    return text.split("\n").map((line) => {
      const state = /JobState=(\w+)/.exec(line)?.[1] ?? "";
      return /PENDING|RUNNING|COMPLETING|CONFIGURING/.test(state)
        ? ""
        : (/ExitCode=(\S+)/.exec(line)?.[1] ?? "");
    });
  }

  async end(): Promise<void> {
    for (const daemon of this.daemons.toReversed()) {
      const ended = new Promise((resolve) => daemon.once("close", resolve));
      if (daemon.exitCode !== null || daemon.signalCode !== null) continue;
      daemon.kill("SIGTERM");
      const timer = setTimeout(() => daemon.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(timer);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What its daemons said, for a test that fails. */
  get log(): string {
    return ["slurmctld.log", "slurmd.log"]
      .map((name) => path.join(this.folder, name))
      .map((file) => (existsSync(file) ? readFileSync(file, "utf8").slice(-2000) : ""))
      .join("\n");
  }
}
