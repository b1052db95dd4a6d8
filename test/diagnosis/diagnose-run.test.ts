import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { diagnoseRun } from "../../src/diagnosis/diagnose-run.ts";
import { diagnosisToMarkdown, diagnosisToText } from "../../src/reports/diagnosis-to-text.ts";
import { plainStyle } from "../../src/reports/page.ts";
import { createRun } from "../run-folder/create-run.ts";
import { options, plan, roundToRecord } from "../run-folder/small-run.ts";

let place: string;
beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), "diagnose-"));
});
afterAll(() => rm(place, { recursive: true, force: true }));

/** A run of 30 records and no evaluations. */
async function recorded(name: string, rounds = 30): Promise<string> {
  const folder = path.join(place, name);
  const run = await createRun(folder, plan, options);
  for (let round = 1; round <= rounds; round++) await run.record(roundToRecord(round), 0);
  await run.finish("finished");
  return folder;
}

describe("a run's folder", () => {
  it("is judged as far as it was recorded, and says why of the rest", async () => {
    const folder = await recorded("whole");
    const diagnosis = await diagnoseRun(folder, { command: ["gan-eval", "diagnose", folder] });
    expect(diagnosis).toMatchObject({
      schema: "gan-eval/diagnosis/1",
      subject: folder,
      verdicts: [{ id: "healthy" }],
      provenance: { command: ["gan-eval", "diagnose", folder] },
    });
    expect(diagnosis.notJudged.map(({ id }) => id)).toContain("mode-collapse");
  });

  it("that was cut short is read up to there, with a warning", async () => {
    const folder = await recorded("cut");
    await truncate(path.join(folder, "losses.csv"), 400);
    const { verdicts, warnings } = await diagnoseRun(folder);
    expect(verdicts).toHaveLength(1);
    expect(warnings.map(({ code }) => code)).toEqual(["cut-table"]);
  });

  it("with nothing recorded is an error that says what to do", async () => {
    await expect(diagnoseRun(await recorded("empty", 0))).rejects.toMatchObject({
      code: "input.run-empty",
      hint: expect.stringContaining("--resume"),
    });
    await expect(diagnoseRun(path.join(place, "nothing"))).rejects.toMatchObject({ code: "input.not-a-run" });
  });

  it("with columns that are no numbers, or losses that are none, is judged all the same", async () => {
    const folder = await recorded("odd");
    await writeFile(
      path.join(folder, "losses.csv"),
      "round,generator_loss,discriminator_loss\n1,NaN,1\n2,abc,1\n3,1,Infinity\n",
    );
    const { verdicts } = await diagnoseRun(folder);
    expect(verdicts[0]).toMatchObject({ id: "divergence", evidence: [{ rounds: [1, 1] }] });
  });

  it("of a hostile name drives neither a terminal nor Markdown", async () => {
    const folder = await recorded("\u001b[2J\u202e`x`<img>|ø");
    const diagnosis = await diagnoseRun(folder);
    const text = diagnosisToText(diagnosis, { columns: 80, style: plainStyle });
    for (const control of ["\u001b", "\u202e"]) expect(text).not.toContain(control);
    expect(text).toContain("\\u001b[2J\\u202e");
    const markdown = diagnosisToMarkdown(diagnosis);
    for (const control of ["\u001b", "\u202e"]) expect(markdown).not.toContain(control);
    expect(markdown).not.toContain("<img>");
    expect(markdown).toContain("\\`x\\`");
    expect(markdown).toContain("ø");
  });
});

describe("a diagnosis as text", () => {
  it("has each number with its threshold, source and rounds, the worst first", async () => {
    const folder = await recorded("diverged");
    await writeFile(
      path.join(folder, "losses.csv"),
      `round,generator_loss,discriminator_loss\n${Array.from({ length: 20 }, (_, i) => `${i + 1},5000,1`).join("\n")}\n`,
    );
    const text = diagnosisToText(await diagnoseRun(folder), { columns: 200, style: plainStyle });
    expect(text).toContain("failure  training diverged");
    expect(text).toMatch(
      /- size of generator_loss 5,?000\S*, above 1,?000\S* \(AutoTrainer \(Zhang et al., ICSE 2021\), its default\); rounds 11 to 20/,
    );
    expect(text).toMatch(/> divide the learning rate by ten: --lr \(Lucic/);
  });
});
