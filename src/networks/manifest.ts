/** What lies beside an installed file and says what it is. */

import { z } from "zod";
import { GanEvalError } from "../errors.ts";
import { wordToShell } from "../shell-word.ts";

export const MANIFEST = "manifest.json";
const FORMAT_VERSION = 1;

const schema = z.strictObject({
  format: z.literal("gan-eval-network-file"),
  formatVersion: z.literal(FORMAT_VERSION),
  /** The network's name; of a file that is not the pinned one, the name and `-other-weights`. */
  id: z.string(),
  /** Whether its sha256 was the pinned one when it was installed. */
  official: z.boolean(),
  file: z.strictObject({
    name: z.string().regex(/^[A-Za-z0-9_.-]+$/),
    bytes: z.int().nonnegative(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    /** When the file was last changed, in milliseconds since 1970: while it and the size stay, it is not hashed again. */
    modified: z.number(),
  }),
  source: z.strictObject({
    kind: z.enum(["download", "import"]),
    /** The server, or the imported file's name. */
    from: z.string(),
    /** Who else stated the same hash while it was downloaded. */
    confirmedBy: z.string().optional(),
  }),
});

export type FileManifest = z.infer<typeof schema>;

export const toManifest = (facts: Omit<FileManifest, "format" | "formatVersion">): FileManifest => ({
  format: "gan-eval-network-file",
  formatVersion: FORMAT_VERSION,
  ...facts,
});

/** The id of a file that is not the pinned one, which nothing takes in its stead. */
export const nameToOtherId = (name: string): string => `${name}-other-weights`;

/** @throws GanEvalError `input.manifest` */
export function textToManifest(text: string, location: string, name: string): FileManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw new GanEvalError(
    "input.manifest",
    `expected the manifest of a network's file of version ${FORMAT_VERSION} in ${location}, got ${message}${path.length > 0 ? ` at ${path.join(".")}` : ""}`,
    { hint: `Remove it and install it again: \`gan-eval network remove ${wordToShell(name)}\`.` },
  );
}
