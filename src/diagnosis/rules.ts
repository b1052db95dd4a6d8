/** Who judges what, and which verdicts another one explains. */
import { ADVICE } from "./advice.ts";
import { runToDeadUnits } from "./dead-units.ts";
import { runToDominance } from "./discriminator-dominance.ts";
import { runToOverfitting } from "./discriminator-overfitting.ts";
import { runToDivergence } from "./divergence.ts";
import { runToAlike, runToCopied, runToIgnored } from "./maker-outputs.ts";
import { runToMemorisation, setsToMemorisation } from "./memorisation.ts";
import { runToCollapse, setsToCollapse } from "./mode-collapse.ts";
import { runToHopping } from "./mode-hopping.ts";
import { runToOscillation } from "./oscillation.ts";
import { runToPartialCollapse, setsToPartialCollapse } from "./partial-collapse.ts";
import { isOfMakers, type RunSignals } from "./run-signals.ts";
import type { SetSignals } from "./set-signals.ts";
import { runToUnderTraining, setsToUnderTraining } from "./under-training.ts";
import { runToVanishing } from "./vanishing-gradient.ts";
import { type Finding, type NotJudged, PROBLEMS, VERDICTS, type Verdict, type VerdictId } from "./verdict.ts";

type Problem = Exclude<VerdictId, "healthy">;

interface Rule {
  readonly run: (run: RunSignals) => Finding;
  /** Undefined where two sets cannot tell. */
  readonly sets?: (sets: SetSignals) => Finding;
  /** What it explains is not said beside it. */
  readonly explains?: readonly Problem[];
  /** Of models that make images of held-out ones: other runs and sets are not asked. */
  readonly ofMakers?: true;
  /** Not said of a run that goes on. */
  readonly onlyAfter?: true;
}

const RULES: Readonly<Record<Problem, Rule>> = {
  divergence: {
    run: runToDivergence,
    explains: [
      "mode-collapse",
      "mode-hopping",
      "partial-collapse",
      "outputs-alike",
      "input-ignored",
      "input-copied",
      "vanishing-gradient",
      "discriminator-dominance",
      "oscillation",
      "dead-units",
      "under-training",
    ],
  },
  "mode-collapse": {
    run: runToCollapse,
    sets: setsToCollapse,
    explains: ["partial-collapse", "under-training"],
  },
  "mode-hopping": { run: runToHopping, explains: ["mode-collapse", "partial-collapse"] },
  "outputs-alike": {
    run: runToAlike,
    ofMakers: true,
    explains: ["input-ignored", "input-copied", "under-training"],
  },
  "input-ignored": { run: runToIgnored, ofMakers: true, explains: ["under-training"] },
  "vanishing-gradient": {
    run: runToVanishing,
    explains: ["discriminator-dominance", "dead-units", "under-training"],
  },
  memorisation: { run: runToMemorisation, sets: setsToMemorisation },
  "partial-collapse": { run: runToPartialCollapse, sets: setsToPartialCollapse },
  "input-copied": { run: runToCopied, ofMakers: true, explains: ["under-training"] },
  "discriminator-dominance": { run: runToDominance, explains: ["under-training"] },
  "discriminator-overfitting": { run: runToOverfitting },
  oscillation: { run: runToOscillation },
  "dead-units": { run: runToDeadUnits },
  "under-training": {
    run: runToUnderTraining,
    sets: setsToUnderTraining,
    onlyAfter: true,
  },
};

const NEEDS_RUN: Finding = { unknown: "only a run shows it, not two sets of samples" };

export interface Judgement {
  /** Worst first; `healthy` alone where there is nothing else and something was judged. */
  readonly verdicts: readonly Verdict[];
  readonly notJudged: readonly NotJudged[];
}

/** What each judge finds by itself, with its numbers, whatever the others say. */
export interface OwnFinding {
  readonly id: Problem;
  readonly finding: Finding;
}

const find = (hasMakers: boolean, toFinding: (judge: Rule) => Finding): OwnFinding[] =>
  PROBLEMS.filter((id) => hasMakers || RULES[id].ofMakers !== true).map((id) => ({
    id,
    finding: toFinding(RULES[id]),
  }));

export const runToFindings = (run: RunSignals): OwnFinding[] =>
  find(isOfMakers(run), ({ run: of }) => of(run));

export const setsToFindings = (sets: SetSignals): OwnFinding[] =>
  find(false, ({ sets: of }) => (of ? of(sets) : NEEDS_RUN));

export const judgeRun = (run: RunSignals): Judgement => findingsToJudgement(runToFindings(run));

export const judgeSets = (sets: SetSignals): Judgement => findingsToJudgement(setsToFindings(sets));

/** What is wrong with a run that goes on. */
export const judgeLive = (run: RunSignals): readonly Verdict[] =>
  findingsToJudgement(
    find(isOfMakers(run), ({ run: of, onlyAfter }) => (onlyAfter ? { clear: [] } : of(run))),
  ).verdicts.filter(({ id }) => id !== "healthy");

/** The verdicts of findings: those that hold, less what another one explains. */
export function findingsToJudgement(findings: readonly OwnFinding[]): Judgement {
  const held = findings.filter(({ finding }) => "holds" in finding).map(({ id }) => id);
  const explained = new Set(held.flatMap((id) => RULES[id].explains ?? []));
  const verdicts = findings.flatMap(({ id, finding }): Verdict[] =>
    "holds" in finding && !explained.has(id)
      ? [
          {
            id,
            severity: VERDICTS[id].severity,
            title: VERDICTS[id].title,
            summary: finding.summary,
            evidence: finding.holds,
            advice: ADVICE[id],
          },
        ]
      : [],
  );
  const notJudged = findings.flatMap(({ id, finding }) =>
    "unknown" in finding ? [{ id, why: finding.unknown }] : [],
  );
  const clear = findings.flatMap(({ finding }) => ("clear" in finding ? finding.clear : []));
  if (verdicts.length > 0 || clear.length === 0) return { verdicts, notJudged };
  const count = findings.length - notJudged.length;
  const healthy: Verdict = {
    id: "healthy",
    severity: VERDICTS.healthy.severity,
    title: VERDICTS.healthy.title,
    summary: `none of the ${count} judged verdicts applies`,
    evidence: clear,
    advice: [],
  };
  return { verdicts: [healthy], notJudged };
}
