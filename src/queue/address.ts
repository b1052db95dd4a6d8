/** Where a queue's server is: an address, or a file whose first line is one. */
import { readFile, stat } from "node:fs/promises";
import { GanEvalError, type Warning } from "../errors.ts";
import { textToRedacted } from "../redaction.ts";

export interface QueueAddress {
  readonly kind: "redis" | "postgres";
  readonly url: string;
  /** Without the password. */
  readonly shown: string;
}

const KINDS: Readonly<Record<string, QueueAddress["kind"]>> = {
  "redis:": "redis",
  "rediss:": "redis",
  "postgres:": "postgres",
  "postgresql:": "postgres",
};

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

const EXPECTED =
  "redis://HOST:PORT, rediss://, postgres://HOST:PORT/DATABASE, or @FILE with the address in its first line";

/**
 * @param isInsecureAllowed whether a password may go over the network in clear text
 * @throws GanEvalError `usage.queue-address`, `usage.queue-insecure`
 */
export function textToAddress(text: string, isInsecureAllowed = false): QueueAddress {
  const shown = textToRedacted(text);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const kind = url && KINDS[url.protocol];
  if (!url || !kind)
    throw new GanEvalError("usage.queue-address", `expected ${EXPECTED} as the queue, got ${shown}`, {
      hint: "For example: --queue redis://127.0.0.1:6379. Write special characters of a password as %XX.",
    });
  const isOpen = url.protocol === "redis:" && url.password !== "" && !LOOPBACK.test(url.hostname);
  if (isOpen && !isInsecureAllowed)
    throw new GanEvalError(
      "usage.queue-insecure",
      `expected rediss:// for a password to another machine, got ${shown}`,
      {
        hint: "redis:// sends the password in clear text. Use TLS (rediss://), or --queue-insecure in a network that you trust.",
      },
    );
  return { kind, url: text, shown };
}

/** What others may do with a file of mode 600: nothing. */
const OTHERS = 0o077;

/** The address that `--queue` or GAN_EVAL_QUEUE names. @throws GanEvalError as `textToAddress` */
export async function readAddress(
  given: string,
  isInsecureAllowed: boolean,
): Promise<{ address: QueueAddress; warnings: Warning[] }> {
  if (!given.startsWith("@"))
    return { address: textToAddress(given.trim(), isInsecureAllowed), warnings: [] };
  const file = given.slice(1);
  let text: string;
  let mode: number;
  try {
    text = await readFile(file, "utf8");
    ({ mode } = await stat(file));
  } catch (cause) {
    throw new GanEvalError(
      "usage.queue-address",
      `expected a file with the queue's address in its first line, got ${file}: ${(cause as Error).message}`,
      { cause, hint: "Write the address into it, and chmod 600 it." },
    );
  }
  const [line] = text.split("\n");
  const isShared = process.platform !== "win32" && (mode & OTHERS) !== 0;
  return {
    address: textToAddress(line.trim(), isInsecureAllowed),
    warnings: isShared
      ? [
          {
            code: "queue-file-mode",
            message: `${file} can be read by other users, and may hold a password`,
            hint: `chmod 600 ${file}`,
          },
        ]
      : [],
  };
}
