/**
 * A device is one thread's: sessions of several threads of a process would run at once, and WebGPU crashes then
 * (onnxruntime #32561).
 */
import { rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { GanEvalError } from "../errors.ts";
import type { DeviceName } from "./engine.ts";

const ONE_THREAD: readonly DeviceName[] = ["webgpu"];

/** Gives a device back. */
export type GiveBack = () => Promise<void>;

/**
 * What threads of a process have in common and lose when they end, in whatever way, is a name in the system that one of them
 * listens at: an abstract socket, a pipe, or elsewhere a file in the folder for temporary ones.
 */
function deviceToAddress(device: DeviceName): string {
  const name = `gan-eval-${device}-${process.pid}`;
  if (process.platform === "linux") return `\0${name}`;
  return process.platform === "win32" ? `\\\\.\\pipe\\${name}` : path.join(tmpdir(), `${name}.socket`);
}

/**
 * @returns `taken` where another one listens already, or a dead process left its file; `forbidden` where a sandbox lets
 *   nobody listen, so that nothing can be said
 */
function listen(address: string): Promise<net.Server | "taken" | "forbidden"> {
  return new Promise((resolve) => {
    const server = net.createServer((socket) => socket.destroy());
    server.on("error", (error: NodeJS.ErrnoException) =>
      resolve(error.code === "EADDRINUSE" ? "taken" : "forbidden"),
    );
    // Exclusive: in a cluster the first process would listen for all.
    server.listen({ path: address, exclusive: true }, () => {
      server.unref();
      resolve(server);
    });
  });
}

const isAnswered = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect(address);
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });

async function take(device: DeviceName): Promise<net.Server | undefined> {
  const address = deviceToAddress(device);
  let server = await listen(address);
  if (server === "taken" && path.isAbsolute(address) && !(await isAnswered(address))) {
    rmSync(address, { force: true });
    server = await listen(address);
  }
  if (server !== "taken") return server === "forbidden" ? undefined : server;
  throw new GanEvalError(
    "unavailable.device-busy",
    `expected ${device} to be free, got an engine of another thread of this process on it`,
    {
      hint: `Dispose of that engine first, or start a process for each: two threads at once on ${device} can end the process.`,
    },
  );
}

interface Claim {
  holders: number;
  /** Undefined where nobody may listen. */
  readonly server: Promise<net.Server | undefined>;
}

/** Of this thread, shared by copies of this module. */
const HELD: unique symbol = Symbol.for("gan-eval.device-claims");
const heldByThread = (): Map<DeviceName, Claim> => {
  const own = globalThis as { [HELD]?: Map<DeviceName, Claim> };
  own[HELD] ??= new Map();
  return own[HELD];
};

/**
 * Takes a device for this thread, which may take it several times. A thread that ends gives back what it holds.
 * @throws GanEvalError `unavailable.device-busy` while another thread of this process holds it
 */
export async function claimDevice(device: DeviceName): Promise<GiveBack> {
  if (!ONE_THREAD.includes(device)) return async () => {};
  const held = heldByThread();
  const claim = held.get(device) ?? { holders: 0, server: take(device) };
  held.set(device, claim);
  claim.holders++;
  let isHeld = true;
  const giveBack = async (): Promise<void> => {
    if (!isHeld) return;
    isHeld = false;
    claim.holders--;
    if (claim.holders > 0) return;
    held.delete(device);
    const server = await claim.server.catch(() => undefined);
    if (server) await new Promise((resolve) => server.close(resolve));
  };
  try {
    await claim.server;
    return giveBack;
  } catch (error) {
    await giveBack();
    throw error;
  }
}
