/** What the plane says is wrong with a run is what `gan-eval diagnose` says of the folder that it exports. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { recordToDiagnosis } from "../../../src/diagnosis/diagnose-run.ts";
import { SCENES } from "../../../src/lab/scenes/scenes.ts";
import { readRun } from "../../../src/run-folder/read-run.ts";
import { emptyFolder } from "../made-runs.ts";
import { type BlindPage, openBlindPage, pause } from "./blind-page.ts";

const isBad = ({ severity }: { readonly severity: string }): boolean =>
  severity !== "ok" && severity !== "note";

const shownIds = ({ store }: BlindPage): string[] =>
  (store.current.lab.panes[0].judged?.verdicts ?? [])
    .filter(isBad)
    .map(({ id }) => id)
    .sort();

/** Plays to a round, and waits for the verdicts of its end. */
async function play(
  pane: Readonly<Record<string, string>>,
  round: number,
  folder: string,
): Promise<BlindPage> {
  const page = await openBlindPage({ panes: [pane], layers: "rf" }, { folder });
  expect(await page.act([{ kind: "play-to", round }])).toBe(true);
  while (page.store.current.lab.panes[0].judged?.round !== round) await pause(20);
  return page;
}

async function diagnoseExported(page: BlindPage, folder: string): Promise<string[]> {
  page.send({ kind: "export", pane: 0, what: "run" });
  while (page.store.current.lab.exported === undefined) await pause(50);
  const [name] = (await readdir(folder)).filter((entry) => !entry.startsWith("."));
  const run = await readRun(path.join(folder, name));
  return recordToDiagnosis(run)
    .verdicts.filter(isBad)
    .map(({ id }) => id as string)
    .sort();
}

const FAILING = {
  "mode-collapse": { options: { data: "disjoint", model: "gan", seed: "1" }, rounds: 1500 },
  "vanishing-gradient": {
    options: SCENES["strong-discriminator"].panes[0],
    rounds: 800,
  },
  divergence: {
    options: { data: "ring", model: "wgan", "clip-value": "0", lr: "0.05", seed: "1" },
    rounds: 500,
  },
} as const;

describe("the plane", () => {
  it.each(Object.entries(FAILING))(
    "shows %s where it is, as diagnose does",
    async (id, { options, rounds }) => {
      const folder = await emptyFolder();
      const page = await play(options, rounds, folder);
      expect(shownIds(page)).toContain(id);
      expect(await diagnoseExported(page, folder)).toEqual(shownIds(page));
    },
  );

  it("shows nothing of a sound run, as diagnose does", async () => {
    const folder = await emptyFolder();
    const page = await play({ data: "two-gaussians", model: "gan", seed: "1" }, 1500, folder);
    expect(shownIds(page)).toEqual([]);
    expect(await diagnoseExported(page, folder)).toEqual([]);
  });
});
