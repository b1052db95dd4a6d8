import { describe, expect, it } from "vitest";
import { namedNetworks, wordToNetwork } from "../../../src/extractors/networks/named-networks.ts";

const networks = namedNetworks();

describe("every network that has a name", () => {
  it.each(networks.map((network) => [network.name, network] as const))(
    "%s says what it is, under which licence, and what its files are held to",
    (_name, { title, licence, input, files, ids }) => {
      for (const words of [title, licence, input]) expect(words).not.toBe("");
      expect(files.length).toBeGreaterThan(0);
      for (const { url, bytes, checksum } of files) {
        expect(URL.canParse(url)).toBe(true);
        expect(bytes).toBeGreaterThan(2 ** 20);
        expect(checksum).toMatch(/^(sha256|git blob) [0-9a-f]{8,}/);
      }
      expect(ids.length).toBeGreaterThan(1);
    },
  );

  it("has ids of its own, as folders of the cache are", () => {
    const ids = networks.flatMap((network) => network.ids);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9-]+$/);
  });

  it("is found by its name, and by each of its ids", () => {
    for (const network of networks) {
      expect(wordToNetwork(network.name)).toMatchObject({
        network: { name: network.name },
        id: network.ids[0],
      });
      for (const id of network.ids)
        expect(wordToNetwork(id)).toMatchObject({ network: { name: network.name }, id });
    }
  });

  it("is suggested to who misspells it; a word like none gets the list", () => {
    expect(() => wordToNetwork("dinov2b")).toThrow(
      expect.objectContaining({ code: "usage.network-name", hint: "Did you mean dinov2-b?" }),
    );
    expect(() => wordToNetwork("resnet")).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("gan-eval network list") }),
    );
  });
});
