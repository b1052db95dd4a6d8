import { describe, expect, it } from "vitest";
import { extractorToFamily, locationToExtractorId } from "../../src/metrics/extractor-family.ts";

describe("an extractor's family", () => {
  it.each([
    ["inception-v3-2015-12-05", "inception", "Inception"],
    ["inception-v3-gap-filled", "inception", "Inception"],
    ["inception (assumed)", "inception", "Inception"],
    ["digits", "digits", "digits"],
    ["stacked-digits", "stacked_digits", "stacked digits"],
    ["pixels-32x32", "pixels", "pixels"],
    ["random-conv-2020", "random_conv", "random conv"],
    ["CLIP-ViT-B.32", "clip_vit_b_32", "CLIP-ViT-B.32"],
    ["nets/dinov2.onnx (assumed)", "dinov2", "dinov2"],
  ])("of %s is %s", (id, key, name) => {
    expect(extractorToFamily(id)).toEqual({ key, name });
  });
});

describe("a user's network", () => {
  it.each([
    ["nets/CLIP ViT (B).onnx", "CLIP-ViT-B"],
    ["nets/vgg16.ONNX", "vgg16"],
    ["nets/dinov2/", "dinov2"],
    ["nets/dinov2/model.json", "dinov2"],
    ["nets/.onnx", "custom-network"],
  ])("in %s is called %s", (location, id) => {
    expect(locationToExtractorId(location)).toBe(id);
  });

  it.each([
    "digits.onnx",
    "inception.onnx",
    "inception-v3-2015-12-05.onnx",
    "pixels-8x8.onnx",
    "Random_Conv.onnx",
  ])("called %s does not pass for ours", (location) => {
    const id = locationToExtractorId(location);
    expect(id).toBe(`custom-${location.slice(0, -5)}`);
    const keys = ["digits", "inception", "pixels", "random_conv"];
    expect(keys).not.toContain(extractorToFamily(id).key);
  });
});
