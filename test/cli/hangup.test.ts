import { describe, expect, it } from "vitest";
import { type HangupTraces, isHangupIgnored } from "../../src/cli/hangup.ts";

const nothing: HangupTraces = { env: {}, parentStatus: undefined, outputs: [] };
const status = (mask: string): string => `Name:\tbash\nSigBlk:\t0000000000000000\nSigIgn:\t${mask}\n`;

describe("hang-ups are ignored", () => {
  it.each<[string, Partial<HangupTraces>]>([
    ["under nohup, which the shell has put into the environment", { env: { _: "/usr/bin/nohup" } }],
    ["where the parent ignores them", { parentStatus: status("0000000000000001") }],
    ["where the parent ignores them among others", { parentStatus: status("0000000000380005") }],
    ["where nohup has sent the output to its file", { outputs: ["pipe:[1]", "/home/me/nohup.out"] }],
  ])("%s", (_, traces) => {
    expect(isHangupIgnored({ ...nothing, ...traces })).toBe(true);
  });

  it.each<[string, Partial<HangupTraces>]>([
    ["where nothing is known", {}],
    ["in a shell", { env: { _: "/usr/bin/node" }, parentStatus: status("0000000000380004") }],
    ["where the output goes elsewhere", { outputs: ["/dev/pts/1", "/home/me/out.log"] }],
  ])("%s they are not", (_, traces) => {
    expect(isHangupIgnored({ ...nothing, ...traces })).toBe(false);
  });
});
