/** What a lab answers, by method and exact form of the address. */
import { lstat, readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { GanEvalError } from "../../errors.ts";
import { textToVisible } from "../../reports/page.ts";
import { roundToLocation } from "../../run-folder/run-folder.ts";
import { requestStop } from "../../run-folder/stop-run.ts";
import { requireOwnFiles } from "../index/own-files.ts";
import type { RunIndex } from "../index/run-index.ts";
import { SAFE_HEADERS } from "./headers.ts";

export interface LabParts {
  readonly index: RunIndex;
  readonly isReadOnly: boolean;
}

type Answer = (match: readonly string[], response: ServerResponse, parts: LabParts) => Promise<void>;

/** A grid of samples is far smaller. */
const MOST_IMAGE_BYTES = 64 * 2 ** 20;

/** Text, one line, to whoever reads the answer. */
export function answerText(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { ...SAFE_HEADERS, "Content-Type": "text/plain; charset=utf-8" });
  response.end(`${message}\n`);
}

/** Whether a token is right: a page is not told why its socket was refused. */
const answerWelcome: Answer = async (_, response) => {
  response.writeHead(204, SAFE_HEADERS);
  response.end();
};

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A grid of samples of a run that was found: what is no image is not sent. */
const answerSample: Answer = async ([, id, round], response, { index }) => {
  const folder = index.idToFolder(id);
  const missing = () => answerText(response, 404, "expected the samples of a round, got none.");
  if (folder === undefined) return missing();
  const location = roundToLocation(folder, "samples", Number(round));
  try {
    await requireOwnFiles(folder);
    const entry = await lstat(location);
    if (!entry.isFile() || entry.size > MOST_IMAGE_BYTES) return missing();
    const bytes = await readFile(location);
    if (!bytes.subarray(0, PNG.length).equals(PNG)) return missing();
    response.writeHead(200, { ...SAFE_HEADERS, "Content-Type": "image/png" });
    response.end(bytes);
  } catch {
    missing();
  }
};

/** Asks a run to save and end; its page sees when it has. */
const answerStop: Answer = async ([, id], response, { index, isReadOnly }) => {
  if (isReadOnly) return answerText(response, 403, "expected a lab that may stop runs, got --read-only.");
  const folder = index.idToFolder(id);
  if (folder === undefined) return answerText(response, 404, "expected a run, got none with this id.");
  try {
    await requestStop(folder, { wait: false });
    answerText(response, 202, "asked to stop");
  } catch (error) {
    if (!(error instanceof GanEvalError)) throw error;
    answerText(response, 409, textToVisible(error.message));
  }
};

const ROUTES: readonly { readonly method: string; readonly form: RegExp; readonly answer: Answer }[] = [
  { method: "GET", form: /^\/api\/welcome$/, answer: answerWelcome },
  { method: "GET", form: /^\/api\/runs\/([0-9a-f]{16})\/samples\/(\d{1,10})$/, answer: answerSample },
  { method: "POST", form: /^\/api\/runs\/([0-9a-f]{16})\/stop$/, answer: answerStop },
];

/** The address is compared as it came, never decoded: no spelling of `../` is an address of ours. */
export async function answer(
  { method, url = "" }: IncomingMessage,
  response: ServerResponse,
  parts: LabParts,
): Promise<void> {
  const fitting = ROUTES.flatMap((route) => {
    const match = route.form.exec(url);
    return match ? [{ route, match }] : [];
  });
  const found = fitting.find(({ route }) => route.method === method);
  if (found) return found.route.answer(found.match, response, parts);
  if (fitting.length > 0) return answerText(response, 405, "expected another method.");
  answerText(response, 404, "expected an address of the lab, got another.");
}
