import { describe, expect, it } from "vitest";
import { wordToSuggestion } from "../src/suggestion.ts";

describe("the word that was probably meant", () => {
  const words = ["precision", "recall", "is", "fid", "kid"];

  it.each([
    ["recal", "recall"],
    ["preicsion", "precision"],
    ["fdi", "fid"],
    ["Precision", "precision"],
    // Two letters of six may differ, three may not.
    ["rekkll", "recall"],
    ["rekkkl", undefined],
    ["coverage", undefined],
  ])("for %s is %s: at most a third of the letters differ", (word, suggestion) => {
    expect(wordToSuggestion(word, words)).toBe(suggestion);
  });

  it("is the nearest of several, and none of none", () => {
    expect(wordToSuggestion("recalls", ["recalled", "recall"])).toBe("recall");
    expect(wordToSuggestion("recall", [])).toBeUndefined();
  });
});
