/** A pane's run as a folder: what its command would have written, or, where settings changed on the way, what was played. */
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openLiveMonitor } from "../../diagnosis/live-monitor.ts";
import type { Engine } from "../../engine/engine.ts";
import { readDescription, writeDescription } from "../../run-folder/description.ts";
import { beginRun, type Run, reserveRun } from "../../run-folder/run.ts";
import { openToyScorer } from "../../runs/evaluation/score-toys.ts";
import { train } from "../../runs/train.ts";
import { exportGenerator } from "../../samples/export-generator.ts";
import { isPointsLocation } from "../../train/data/points.ts";
import type { PlaneOptions } from "../protocol/plane-messages.ts";
import { optionsToWords } from "./pane-command.ts";
import { EVAL_EVERY, optionsToData, optionsToRequest } from "./pane-options.ts";
import type { PaneSpan } from "./span.ts";
import { openSubject, type Subject, subjectToPlan, subjectToSpan } from "./subject.ts";

export interface ExportedPath {
  /** From round 0. */
  readonly spans: readonly PaneSpan[];
  /** What each span changes, in words. */
  readonly changes: readonly string[];
  readonly round: number;
}

const clock = (): number => Date.now();

/** Rounds between rows of losses.csv, as a run has them unless told otherwise. */
const RECORD_ROUNDS = 10;

/**
 * A folder of a name of its own: it is written under a temporary name, and renamed when it is whole.
 * @returns the name
 */
async function withExportFolder(
  parent: string,
  name: string,
  write: (folder: string) => Promise<void>,
): Promise<string> {
  await mkdir(parent, { recursive: true });
  const temporary = path.join(parent, `.${name}-${randomBytes(6).toString("hex")}`);
  const toName = (number: number): string => `${name}-${number}`;
  try {
    await write(temporary);
    const taken = new Set(await readdir(parent));
    for (let number = 1; ; number++) {
      if (taken.has(toName(number))) continue;
      const description = await readDescription(temporary);
      await writeDescription(temporary, { ...description, name: path.join(parent, toName(number)) });
      try {
        await rename(temporary, path.join(parent, toName(number)));
        return toName(number);
      } catch (error) {
        // Somebody else has taken the name meanwhile.
        if (!["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
      }
    }
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

/** What a folder is called after. */
const optionsToWord = (options: PlaneOptions): string => {
  const data = optionsToData(options);
  return isPointsLocation(data) ? "points" : data;
};

/** The run of the command, trained anew: its bytes are the command's. */
export async function exportCommand(
  parent: string,
  { spans: [{ options }], round }: ExportedPath,
  signal: AbortSignal,
): Promise<string> {
  const command = optionsToWords(options, round);
  const rounds = Number(command[command.indexOf("--rounds") + 1]);
  return withExportFolder(parent, `lab-${optionsToWord(options)}`, async (folder) => {
    await train({
      ...optionsToRequest(options, folder, rounds),
      command,
      clock,
      signal,
      onProgress: () => {},
      openMonitor: openLiveMonitor,
    });
  });
}

/** Plays a path into a run's folder: rows and scores as they come, a remark at each change, a checkpoint at the end. */
export async function exportJournal(
  parent: string,
  { spans, changes, round }: ExportedPath,
  engine: Engine,
  signal: AbortSignal,
): Promise<string> {
  const [root] = spans;
  return withExportFolder(parent, `lab-${optionsToWord(root.options)}`, async (folder) => {
    let subject = await openSubject(engine, root.options);
    try {
      const run = await beginExport(folder, subject, optionsToWords(root.options, round), round);
      try {
        const { evalSamples, seed } = subject.config;
        const scorer = openToyScorer(subject.data, { samples: evalSamples, engine: "auto", device: "auto" });
        await run.checkpoint(subject.trainer.save(), { keep: 1 });
        for (const [i, span] of spans.entries()) {
          if (i > 0) subject = await subjectToSpan(engine, subject, span);
          if (changes[i] !== "") await run.event(span.from, "setting", changes[i]);
          for (const end = spans[i + 1]?.from ?? round; subject.trainer.rounds < end; ) {
            signal.throwIfAborted();
            const next = subject.trainer.rounds + 1;
            const isRecorded = next === 1 || next === round || next % RECORD_ROUNDS === 0;
            const record = await subject.trainer.playRound(isRecorded);
            if (record) await run.record(record, subject.trainer.epochs);
            if (next % EVAL_EVERY !== 0 && next !== round) continue;
            const { scores, signals } = await scorer.examine(
              await subject.plane.sample(evalSamples, seed),
              evalSamples,
            );
            await run.score(next, scores);
            await run.signal(next, signals);
          }
        }
        await run.checkpoint(subject.trainer.save(), { keep: 2 });
        await run.finish("finished");
      } catch (error) {
        await run.close();
        throw error;
      }
    } finally {
      await subject.dispose();
    }
  });
}

async function beginExport(
  folder: string,
  subject: Subject,
  command: readonly string[],
  rounds: number,
): Promise<Run> {
  const place = await reserveRun(folder, { clock });
  try {
    return await beginRun(folder, place, subjectToPlan(subject, folder, command, rounds), { clock });
  } catch (error) {
    await place.remove();
    throw error;
  }
}

/** The generator as it is, as an ONNX file's bytes: by way of a run's folder, as every export goes. */
export async function exportOnnx(subject: Subject): Promise<Buffer> {
  const parent = await mkdtemp(path.join(tmpdir(), "gan-eval-lab-"));
  try {
    const [folder, out] = [path.join(parent, "run"), path.join(parent, "generator.onnx")];
    const { trainer, options } = subject;
    const run = await beginExport(folder, subject, optionsToWords(options, trainer.rounds), trainer.rounds);
    await run.checkpoint(trainer.save(), { keep: 1 });
    await run.finish("finished");
    await exportGenerator({ run: folder, to: "onnx", out });
    return await readFile(out);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}
