import { describe, expect, it } from "vitest";
import type { Warning } from "../../../src/errors.ts";
import type { SideLabels } from "../../../src/evaluate/classes/labels.ts";
import { labelsToClassCount, matchClasses } from "../../../src/evaluate/classes/match-classes.ts";

const side = (labels: readonly number[], classNames?: readonly string[]): SideLabels => ({
  labels: Int32Array.from(labels),
  ...(classNames && { classNames }),
});

function match(real: SideLabels, fake: SideLabels) {
  const warnings: Warning[] = [];
  const { names, real: ofReal, fake: ofFake } = matchClasses(real, fake, (warning) => warnings.push(warning));
  const named = (of: Int32Array) => [...of].map((place) => names[place]);
  return { names, real: named(ofReal), fake: named(ofFake), warnings };
}

describe("classes of two sides", () => {
  it("match by name, whatever their numbers", () => {
    expect(match(side([0, 1, 2], ["ant", "bee", "cow"]), side([1, 0], ["ant", "cow"]))).toEqual({
      names: ["ant", "bee", "cow"],
      real: ["ant", "bee", "cow"],
      fake: ["cow", "ant"],
      warnings: [],
    });
  });

  it("match by value where names are numbers: folder 03 is label 3", () => {
    expect(match(side([0, 1], ["03", "10"]), side([10, 3, 3]))).toMatchObject({
      names: ["3", "10"],
      real: ["3", "10"],
      fake: ["10", "3", "3"],
      warnings: [],
    });
    expect(match(side([0, 1], ["0", "00"]), side([0])).names).toEqual(["0"]);
  });

  it("numbers beside names are places among them, which is said", () => {
    const names = ["ant", "bee", "cow"];
    const fake = match(side([2, 0], names), side([0, 1]));
    expect(fake).toMatchObject({ names: ["ant", "bee", "cow"], fake: ["ant", "bee"] });
    expect(fake.warnings[0]).toMatchObject({
      code: "classes-by-place",
      message: expect.stringContaining("0 is ant, 2 is cow"),
      hint: expect.stringContaining("--fake-labels"),
    });
    expect(match(side([1]), side([1, 2], names))).toMatchObject({ real: ["bee"], fake: ["bee", "cow"] });
  });

  it("a number beyond the names is an error, not another class", () => {
    expect(() => match(side([0, 3]), side([0, 1, 2], ["ant", "bee", "cow"]))).toThrow(
      expect.objectContaining({ code: "input.class-names", hint: expect.stringContaining("--real-labels") }),
    );
  });

  it("without one in common are an error that shows both", () => {
    expect(() => match(side([0, 1], ["ant", "bee"]), side([0], ["wolf"]))).toThrow(
      expect.objectContaining({
        code: "input.class-names",
        message: expect.stringMatching(/ant, bee \(real\) and wolf \(fake\)/),
      }),
    );
  });

  it("are counted with those that have no images, where their names are known", () => {
    expect(labelsToClassCount(side([0, 4]))).toBe(5);
    expect(labelsToClassCount(side([0], ["ant", "bee"]))).toBe(2);
    expect(labelsToClassCount(side([0, 1], ["00", "07"]))).toBe(8);
  });
});
