import { describe, expect, it } from "vitest";
import type { ClassScore, ClassScores } from "../../src/evaluate/classes/by-class.ts";
import { classesToCsv, classesToText } from "../../src/reports/classes-to-text.ts";
import { plainStyle } from "../../src/reports/page.ts";

const one = (name: string, fake: number, distance: number | null, reason?: string): ClassScore => ({
  name,
  real: 1000,
  fake,
  realShare: 0.25,
  fakeShare: fake / 4000,
  distance,
  ...(reason !== undefined && { reason }),
});

const scores = (classes: readonly ClassScore[], more: Partial<ClassScores> = {}): ClassScores => ({
  classes,
  measured: classes.filter(({ distance }) => distance !== null).length,
  distanceKey: "frechet_inception_distance",
  fakeLabels: "given",
  metrics: {},
  intervals: {},
  floors: {},
  ...more,
});

const PAGE = { columns: 100, style: plainStyle };
const FEW = scores([
  one("cat", 2000, 41.25),
  one("dog", 1500, 9.5),
  one("owl", 0, null, "no generated images"),
]);

describe("scores by class in text", () => {
  it("are a table in the order of the classes, the largest share a full bar", () => {
    expect(`\n${classesToText(FEW, PAGE)}`).toMatchInlineSnapshot(`
      "
      class   real   fake  share of fakes                distance
      cat    1,000  2,000  ██████████ 50.0 %              41.2500
      dog    1,000  1,500  ████████░░ 37.5 %               9.5000
      owl    1,000      0  ░░░░░░░░░░ 0.0 %   no generated images
      "
    `);
  });

  it("of more than 20 classes are the 20 worst, the worst first, and the rest counted", () => {
    const many = scores([
      one("none", 0, null, "no generated images"),
      ...Array.from({ length: 30 }, (_, i) => one(`c${i}`, 100, i)),
    ]);
    const lines = classesToText(many, PAGE).trimEnd().split("\n");
    expect(lines).toHaveLength(1 + 20 + 1);
    expect(lines[1]).toMatch(/^c29 .* 29\.0000$/);
    expect(lines[20]).toMatch(/^c10 .* 10\.0000$/);
    expect(lines[21]).toContain("11 more classes");
  });

  it("say where classes are predicted", () => {
    expect(classesToText(FEW, PAGE)).not.toContain("by the network");
    expect(classesToText({ ...FEW, fakeLabels: "predicted" }, PAGE)).toContain("as predicted by the network");
  });
});

describe("scores by class in CSV", () => {
  it("have every class and all digits", async () => {
    expect((await classesToCsv(FEW)).split("\r\n")).toEqual([
      "class,real,fake,real_share,fake_share,distance,reason",
      "cat,1000,2000,0.25,0.5,41.25,",
      "dog,1000,1500,0.25,0.375,9.5,",
      "owl,1000,0,0.25,0,,no generated images",
      "",
    ]);
  });
});
