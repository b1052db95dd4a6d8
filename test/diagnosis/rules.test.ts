import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findingsToJudgement, type OwnFinding } from "../../src/diagnosis/rules.ts";
import { PROBLEMS, VERDICTS } from "../../src/diagnosis/verdict.ts";

type Problem = (typeof PROBLEMS)[number];

/** What each verdict is left out beside. */
const EXPLAINED_BY: Readonly<Record<Problem, readonly Problem[]>> = {
  divergence: [],
  "mode-collapse": ["divergence", "mode-hopping"],
  "mode-hopping": ["divergence"],
  "outputs-alike": ["divergence"],
  "input-ignored": ["divergence", "outputs-alike"],
  "input-copied": ["divergence", "outputs-alike"],
  "vanishing-gradient": ["divergence"],
  memorisation: [],
  "partial-collapse": ["divergence", "mode-collapse", "mode-hopping"],
  "discriminator-dominance": ["divergence", "vanishing-gradient"],
  "discriminator-overfitting": [],
  oscillation: ["divergence"],
  "dead-units": ["divergence", "vanishing-gradient"],
  "under-training": [
    "divergence",
    "mode-collapse",
    "outputs-alike",
    "input-ignored",
    "input-copied",
    "vanishing-gradient",
    "discriminator-dominance",
  ],
};

const evidence = (metric: string) =>
  ({ metric, value: 2, comparison: "above", threshold: 1, source: "this test" }) as const;

const findings = (kindOf: (id: Problem) => "holds" | "clear" | "unknown"): OwnFinding[] =>
  PROBLEMS.map((id) => {
    const kind = kindOf(id);
    if (kind === "holds") return { id, finding: { holds: [evidence(id)], summary: `${id} it is` } };
    return { id, finding: kind === "clear" ? { clear: [evidence(id)] } : { unknown: `no ${id}` } };
  });

const idsBeside = (...held: readonly Problem[]) =>
  findingsToJudgement(findings((id) => (held.includes(id) ? "holds" : "clear"))).verdicts.map(({ id }) => id);

const PAIRS = PROBLEMS.flatMap((cause) =>
  PROBLEMS.filter((effect) => effect !== cause).map((effect) => [cause, effect] as const),
);

describe("a verdict beside another", () => {
  it.each(PROBLEMS)("%s is said where it holds alone", (id) => {
    expect(idsBeside(id)).toEqual([id]);
  });

  it.each(PAIRS)("%s hides %s exactly where it explains it", (cause, effect) => {
    const isHidden = EXPLAINED_BY[effect].includes(cause);
    const isHiding = EXPLAINED_BY[cause].includes(effect);
    const expected = PROBLEMS.filter((id) => (id === cause && !isHiding) || (id === effect && !isHidden));
    expect(idsBeside(cause, effect)).toEqual(expected);
  });

  it("no verdict explains what explains it, directly or by a chain", () => {
    const causesOf = (id: Problem): Problem[] =>
      EXPLAINED_BY[id].flatMap((cause) => [cause, ...causesOf(cause)]);
    for (const id of PROBLEMS) expect(causesOf(id)).not.toContain(id);
  });
});

describe("the judgement of any findings", () => {
  const kinds = fc.tuple(...PROBLEMS.map(() => fc.constantFrom("holds", "clear", "unknown" as const)));

  it("says what holds and nothing that holds explains, worst first, and what could not be judged", () => {
    fc.assert(
      fc.property(kinds, (drawn) => {
        const kindOf = (id: Problem) => drawn[PROBLEMS.indexOf(id)] as "holds" | "clear" | "unknown";
        const held = PROBLEMS.filter((id) => kindOf(id) === "holds");
        const said = held.filter((id) => !EXPLAINED_BY[id].some((cause) => held.includes(cause)));
        const { verdicts, notJudged } = findingsToJudgement(findings(kindOf));
        expect(notJudged.map(({ id }) => id)).toEqual(PROBLEMS.filter((id) => kindOf(id) === "unknown"));
        const isHealthy = held.length === 0 && drawn.includes("clear");
        expect(verdicts.map(({ id }) => id)).toEqual(isHealthy ? ["healthy"] : said);
        for (const { id, severity, title, summary, evidence: own, advice } of verdicts) {
          expect([severity, title]).toEqual([VERDICTS[id].severity, VERDICTS[id].title]);
          if (isHealthy) continue;
          expect(summary).toBe(`${id} it is`);
          expect(own).toEqual([evidence(id)]);
          expect(advice.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it("counts in its summary of a healthy run what was judged, and shows every number", () => {
    const { verdicts } = findingsToJudgement(findings((id) => (id === "oscillation" ? "unknown" : "clear")));
    expect(verdicts[0]!.summary).toBe(`none of the ${PROBLEMS.length - 1} judged verdicts applies`);
    expect(verdicts[0]!.evidence.map(({ metric }) => metric)).toEqual(
      PROBLEMS.filter((id) => id !== "oscillation"),
    );
  });
});
