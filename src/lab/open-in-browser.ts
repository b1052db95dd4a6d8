/** Opens an address in the user's browser. */
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { GanEvalError } from "../errors.ts";

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

const startOpener = ([program, ...args]: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: "ignore", detached: true });
    child.once("error", reject);
    child.once("spawn", () => {
      child.unref();
      resolve();
    });
  });

/**
 * Other users see the arguments of programs: the browser is given a file that only this user can read, which leads on.
 * @returns what removes the file
 * @throws GanEvalError `input.no-browser`
 */
export async function openInBrowser(
  url: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), "gan-eval-lab-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  const file = path.join(folder, "open.html");
  const page = `<!doctype html><meta charset="utf-8"><title>Opening the lab</title><meta http-equiv="refresh" content="0;url=${url}">\n`;
  await writeFile(file, page, { mode: 0o600 });
  const opener = env.BROWSER ? [env.BROWSER] : (OPENERS[process.platform] ?? ["xdg-open"]);
  try {
    await startOpener([...opener, file]);
  } catch (cause) {
    await remove();
    throw new GanEvalError(
      "input.no-browser",
      `expected a browser to open, got none: ${(cause as Error).message}`,
      {
        hint: "Open the printed address by hand, or set BROWSER to a program that opens a page.",
        cause,
      },
    );
  }
  return remove;
}
