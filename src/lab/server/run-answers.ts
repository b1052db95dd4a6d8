/** What is answered of one run: its samples, notes, report and difference to another, and that it is asked to stop. */
import { lstat, readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { GanEvalError } from "../../errors.ts";
import { textToVisible } from "../../reports/page.ts";
import { configDifferences } from "../../run-folder/config-differences.ts";
import { readDescription } from "../../run-folder/description.ts";
import { readNotes, writeNotes } from "../../run-folder/notes.ts";
import { roundToLocation } from "../../run-folder/run-folder.ts";
import { requestStop } from "../../run-folder/stop-run.ts";
import { requireOwnFiles } from "../index/own-files.ts";
import { valueToText } from "../view/run-view.ts";
import {
  type Answer,
  type Asked,
  answerFile,
  answerJson,
  answerMissing,
  answerText,
  orSaid,
  writing,
} from "./answers.ts";
import { SAFE_HEADERS } from "./headers.ts";
import { readBody } from "./read-body.ts";

/** A grid of samples is far smaller. */
const MOST_IMAGE_BYTES = 64 * 2 ** 20;

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Does something with the folder of the run that the address names. */
const ofRun =
  (answer: (folder: string, asked: Asked) => Promise<void>): Answer =>
  async (asked) => {
    const folder = asked.index.idToFolder(asked.match[1]);
    if (folder === undefined) return answerMissing(asked.response, "a run");
    await answer(folder, asked);
  };

/** A grid of samples of a run that was found: what is no image is not sent. */
export const answerSample: Answer = async ({ match: [, id, round], response, index }) => {
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
export const answerStop: Answer = writing(
  ofRun(async (folder, { response }) => {
    await requestStop(folder, { wait: false });
    answerText(response, 202, "asked to stop");
  }),
);

/** A sweep stops with all its runs, where its process is there; else each of its runs that is. */
export const answerSweepStop: Answer = writing(async ({ match: [, id], response, index }) => {
  const folder = index.idToSweepFolder(id);
  if (folder === undefined) return answerMissing(response, "a sweep");
  try {
    await requestStop(folder, { wait: false });
    return answerText(response, 202, "asked the sweep to stop with all its runs");
  } catch (error) {
    if (!(error instanceof GanEvalError) || error.code !== "usage.not-running") throw error;
  }
  let asked = 0;
  for (const run of index.idToSweepRuns(id))
    await requestStop(run, { wait: false }).then(
      () => asked++,
      () => {},
    );
  if (asked === 0) return answerText(response, 409, "nothing of this sweep is in progress");
  answerText(response, 202, `no process works in the sweep's folder; asked ${asked} of its runs to stop`);
});

export const answerNotes: Answer = ofRun(async (folder, { response }) => {
  const notes = await readNotes(folder);
  answerJson(response, { text: notes?.text ?? "", updated: notes?.updated ?? "" });
});

const NOTES = z.strictObject({ text: z.string() });

export const answerNotesWritten: Answer = writing(
  ofRun(async (folder, { request, response }) => {
    const read = NOTES.safeParse(await readBody(request));
    if (!read.success) return answerText(response, 400, "expected notes as text.");
    const { updated } = await writeNotes(folder, read.data.text, Date.now);
    answerJson(response, { text: read.data.text, updated });
  }),
);

/** Options of a run that another has otherwise. */
export const answerDifferences: Answer = orSaid(
  ofRun(async (folder, { match: [, , other], response, index }) => {
    const against = index.idToFolder(other);
    if (against === undefined) return answerMissing(response, "another run");
    const [own, theirs] = await Promise.all(
      [folder, against].map(async (each) => {
        await requireOwnFiles(each);
        const { config, data, seed, rounds } = await readDescription(each);
        return { ...config, data: data.label, seed, rounds };
      }),
    );
    answerJson(
      response,
      configDifferences(theirs, own).map(({ name, stored, given }) => ({
        name: textToVisible(name),
        own: valueToText(given),
        other: valueToText(stored),
      })),
    );
  }),
);

const REPORT_FILE = "report.html";

/** Makes the report into the run's folder, and hands it out. */
export const answerReport: Answer = writing(
  ofRun(async (folder, { response }) => {
    await requireOwnFiles(folder);
    const out = path.join(folder, REPORT_FILE);
    const entry = await lstat(out).catch(() => undefined);
    if (entry !== undefined && !entry.isFile())
      return answerText(response, 409, `${REPORT_FILE} is a link or no file; remove it.`);
    const { makeReport } = await import("../../reports/make-report.ts");
    await makeReport({ locations: [folder], out });
    answerFile(response, await readFile(out));
  }),
);
