/** Where a network's file is looked for: the lab's mirror, else the places of its row. */

import { GanEvalError } from "../../errors.ts";
import { textToRedacted } from "../../redaction.ts";
import { wordToShell } from "../../shell-word.ts";
import type { NetworkFile, NetworkSource } from "../table.ts";
import type { DistributedFile } from "./download-file.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const HUGGING_FACE = "https://huggingface.co/";

/** The address in a variable, without the slashes at its end. @throws GanEvalError `usage.network-url` */
function variableToBase(name: string, env: Environment): string | undefined {
  const value = env[name];
  if (!value) return undefined;
  if (URL.canParse(value) && /^https?:/.test(value)) return value.replace(/\/+$/, "");
  throw new GanEvalError(
    "usage.network-url",
    `expected an http or https address in ${name}, got ${textToRedacted(value)}`,
    {
      hint: `Correct ${name}, or unset it.`,
    },
  );
}

/**
 * The address of a file at the mirror of `GAN_EVAL_NETWORK_URL`, under which all files lie by their names.
 * @throws GanEvalError `usage.network-url`
 */
export function nameToMirrorUrl(name: string, env: Environment = process.env): string | undefined {
  const base = variableToBase("GAN_EVAL_NETWORK_URL", env);
  return base === undefined ? undefined : `${base}/${name}`;
}

/** A place of Hugging Face at the server of `HF_ENDPOINT`. */
function urlToEndpoint(url: string, env: Environment): string {
  const endpoint = variableToBase("HF_ENDPOINT", env);
  return endpoint !== undefined && url.startsWith(HUGGING_FACE)
    ? `${endpoint}/${url.slice(HUGGING_FACE.length)}`
    : url;
}

/** Whether a hash is the pinned one; a pin may be its first digits. */
export const isPinned = ({ sha256 }: Pick<NetworkFile, "sha256">, hash: string): boolean =>
  hash.startsWith(sha256);

/**
 * The places of a network's file, in the order in which they are tried.
 * @throws GanEvalError `usage.network-url`
 */
export function networkToPlaces(
  name: string,
  { file }: NetworkSource,
  env: Environment = process.env,
): readonly DistributedFile[] {
  const mirror = nameToMirrorUrl(file.name, env);
  const urls = mirror === undefined ? file.urls.map((url) => urlToEndpoint(url, env)) : [mirror];
  return urls.map((url) => ({
    name: file.name,
    url,
    matches: (checksums) => isPinned(file, checksums.sha256),
    checksum: `sha256 ${file.sha256}${file.sha256.length < 64 ? "..." : ""}`,
    bytes: file.bytes,
    importBy: `gan-eval network import ${wordToShell(name)} FILE`,
  }));
}

/**
 * Where Hugging Face states the sha256 of a file: what git has in its stead (`/raw/` in place of `/resolve/`). Undefined for
 * other places.
 */
export function placeToStatement(url: string, { file }: NetworkSource): string | undefined {
  const isOfHuggingFace = file.urls.some(
    (official) =>
      official.startsWith(HUGGING_FACE) && new URL(url).pathname.endsWith(new URL(official).pathname),
  );
  return isOfHuggingFace ? url.replace("/resolve/", "/raw/") : undefined;
}
