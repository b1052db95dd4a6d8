import { describe, expect, it } from "vitest";
import { type OwnScheme, scheme } from "../../../src/train.ts";
import { pageScheme } from "./page-scheme.ts";
import { PAGE_CODE } from "./schemes-page.ts";

const GOOD = {
  wants: "images",
  size: 28,
  weights: { adversarial: 1 },
  options: { filters: 8 },
  build: () => {
    throw new Error("never called");
  },
} as const satisfies OwnScheme;

const described = (changes: object): OwnScheme => scheme({ ...GOOD, ...changes } as OwnScheme);

describe("scheme(description)", () => {
  it("gives a description back as it is, the example of docs/schemes.md too, which has at most 45 lines", () => {
    expect(scheme(GOOD)).toBe(GOOD);
    expect(pageScheme()).toMatchObject({ name: "bigan", wants: "images" });
    expect(PAGE_CODE.trim().split("\n").length).toBeLessThanOrEqual(45);
  });

  it.each(["wants", "size", "weights", "build"] as const)("refuses one without %s", (name) => {
    expect(() => described({ [name]: undefined })).toThrow(
      expect.objectContaining({ code: "input.scheme-module" }),
    );
  });

  it.each([
    [{ wants: "sounds" }, "expected wants among images, pairs, domains, attributes", '"sounds"'],
    [{ size: 28.5 }, "expected a size of whole pixels", "28.5"],
    [{ weights: { adversarial: "1" } }, "expected a number of at least 0 for weights.adversarial", '"1"'],
    [{ weights: { adversarial: -1 } }, "expected a number of at least 0 for weights.adversarial", "-1"],
    [{ weights: { "a b": 1 } }, "expected weights of terms named by letters", '"a b"'],
    [{ options: { filtres: 8 } }, "expected options of models among filters", "filtres"],
    [{ options: { filters: "8" } }, "expected a number of at least 0 for options.filters", '"8"'],
    [{ options: { norm: 3 } }, "expected a text for options.norm", "3"],
    [{ shared: { batchsize: 8 } }, "expected shared of models among loss", "batchsize"],
    [{ shared: { b1: null } }, "expected a number of at least 0 for shared.b1", "null"],
    [{ name: "my model" }, "expected a name of letters", '"my model"'],
    [{ flip: "yes" }, "expected flip true", '"yes"'],
    [{ wieghts: {} }, "expected fields of a model among wants", "wieghts"],
  ])("refuses %o and says what it expected and what it got", (changes, expected, got) => {
    expect(() => described(changes)).toThrow(
      expect.objectContaining({
        code: "input.scheme-module",
        message: expect.stringMatching(new RegExp(`^${expected}.*got ${got.replaceAll(".", "\\.")}$`)),
      }),
    );
  });

  it("suggests the name that was probably meant", () => {
    expect(() => described({ options: { filtres: 8 } })).toThrow(
      expect.objectContaining({ hint: "Did you mean filters?" }),
    );
  });
});
