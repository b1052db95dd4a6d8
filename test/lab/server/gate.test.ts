/** Who gets what from a lab: over the network, as an attacker would ask. */
import { symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Lab, openLab } from "../../../src/lab/open-lab.ts";
import { emptyFolder, writeRun, writeSample } from "../made-runs.ts";
import { type AskOptions, ask, labToToken, openSocket } from "./asking.ts";

let lab: Lab;
let id: string;
let table: string;
const PUBLIC = [
  "/",
  "/lab.css",
  "/chart.js",
  "/lab/client/main.js",
  "/lab/client/palettes.js",
  "/vendor/preact.js",
];
const WELCOME = "/api/welcome";

beforeAll(async () => {
  const root = await emptyFolder();
  const folder = await writeRun(path.join(root, "runs/a"));
  await writeRun(path.join(root, "runs-secret/b"));
  await writeSample(folder, 10);
  await writeFile(path.join(folder, "samples/00000020.png"), "<script>pwned()</script>");
  await writeFile(path.join(root, "secret.png"), "secret");
  await symlink(path.join(root, "secret.png"), path.join(folder, "samples/00000030.png"));
  lab = await openLab({
    folders: [path.join(root, "runs")],
    port: 0,
    isReadOnly: false,
    cacheFolder: root,
    steadyClock: () => performance.now(),
  });
  const { socket, received } = await openSocket(lab);
  socket.send(JSON.stringify({ kind: "watch" }));
  table = await vi.waitFor(() => {
    expect(received).not.toEqual([]);
    return JSON.stringify(received[0]);
  });
  socket.close();
  id = /"id":"([0-9a-f]{16})"/.exec(table)![1];
});
afterAll(() => lab.close());

describe("a lab", () => {
  it("tells its own page all runs of its folders", async () => {
    expect(table.match(/"id"/g)).toHaveLength(1);
    expect((await ask(lab, WELCOME)).status).toBe(204);
    const run = await ask(lab, `/api/runs/${id}/samples/10`);
    expect(run).toMatchObject({ status: 200, headers: { "content-type": "image/png" } });
  });

  const foreign: Readonly<Record<string, AskOptions["headers"]>> = {
    "another Host": { Host: "evil.example" },
    "another port in Host": { Host: "127.0.0.1:1" },
    "a Host that only begins like ours": { Host: "127.0.0.1.evil.example" },
    "another Origin": { Origin: "http://evil.example" },
    "no origin at all, as of a sandbox": { Origin: "null" },
    "a page of another port": { Origin: "http://127.0.0.1:1" },
    "another site": { "Sec-Fetch-Site": "cross-site" },
    "another origin of this site": { "Sec-Fetch-Site": "same-site" },
    "a script of another page": { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "script" },
  };
  it.each(Object.entries(foreign))("refuses %s, with the token too, on every address", async (_, headers) => {
    for (const address of [...PUBLIC, WELCOME, `/api/runs/${id}/samples/10`, "/nowhere"])
      expect((await ask(lab, address, { headers })).status, address).toBe(403);
  });

  it.each([
    ["none", undefined],
    ["an empty one", ""],
    ["another", `Bearer ${"A".repeat(43)}`],
    ["a part", "Bearer A"],
  ])("gives data to nobody whose token is %s", async (_, authorization) => {
    const headers = { Authorization: authorization };
    for (const address of [WELCOME, `/api/runs/${id}/samples/10`, "/nowhere"])
      expect((await ask(lab, address, { headers })).status).toBe(401);
    // In an address it would be in histories and logs.
    const inAddress = `${WELCOME}?t=${labToToken(lab)}`;
    expect((await ask(lab, inAddress, { headers })).status).toBe(401);
  });

  it("refuses a socket by the same gate", async () => {
    const asked = (options: Parameters<typeof openSocket>[1]) =>
      openSocket(lab, options).then(
        ({ socket }) => socket.close(),
        (error: Error) => error.message,
      );
    expect(await asked({})).toBeUndefined();
    for (const headers of Object.values(foreign).map((given) => given as Record<string, string>))
      expect(await asked({ headers }), JSON.stringify(headers)).toContain("403");
    for (const token of ["", "A", "A".repeat(43), `${labToToken(lab)}A`])
      expect(await asked({ token }), token).toContain("401");
    expect(await asked({ address: `/api/socket?t=${labToToken(lab)}`, token: "A" })).toContain("401");
    expect(await asked({ address: "/api/other" })).toContain("404");
    // By hand: no Origin at all, and the token in the header that is for HTTP.
    const upgrade = { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13" };
    const key = { "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==" };
    const origin = { Origin: `http://127.0.0.1:${lab.port}` };
    for (const [headers, status] of [
      [{}, 403],
      [origin, 401],
    ] as const)
      expect((await ask(lab, "/api/socket", { headers: { ...upgrade, ...key, ...headers } })).status).toBe(
        status,
      );
  });

  it("ends a socket that speaks no JSON, and says that it does not understand the rest", async () => {
    const { socket, received } = await openSocket(lab);
    socket.send(JSON.stringify({ kind: "eval", code: "1" }));
    await vi.waitFor(() => expect(received).toMatchObject([{ kind: "error" }]));
    const closed = new Promise<number>((resolve) => socket.on("close", resolve));
    socket.send("no JSON");
    expect(await closed).toBe(1007);
    const second = await openSocket(lab);
    const tooLarge = new Promise<number>((resolve) => second.socket.on("close", resolve));
    second.socket.send("x".repeat(65_537));
    expect(await tooLarge).toBe(1009);
  });

  it("shows its page without the token, and no secret in it", async () => {
    for (const address of PUBLIC) {
      const { status, body } = await ask(lab, address, { headers: { Authorization: undefined } });
      expect(status, address).toBe(200);
      expect(body).not.toContain(labToToken(lab));
    }
  });

  it("may be opened by a link or a file, and read by none", async () => {
    const headers = { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document" };
    expect((await ask(lab, "/", { headers })).status).toBe(200);
    expect((await ask(lab, WELCOME, { headers })).status).toBe(403);
  });

  it.each([...PUBLIC, WELCOME, "/nowhere"])("sends the headers that protect it with %s", async (address) => {
    const { headers } = await ask(lab, address);
    expect(headers["content-security-policy"]).toMatch(
      /^default-src 'none'; script-src 'self' 'sha256-[^ ]+'; /,
    );
    expect(headers["content-security-policy"]).toContain("require-trusted-types-for 'script'");
    expect(headers["content-security-policy"]).not.toContain("unsafe");
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-resource-policy": "same-origin",
      "cache-control": "no-store",
    });
    expect(headers).not.toHaveProperty("set-cookie");
    expect(headers).not.toHaveProperty("access-control-allow-origin");
  });

  it("has no other address, however it is spelt", async () => {
    const forms = [
      "/../package.json",
      "/%2e%2e/package.json",
      "/%252e%252e/package.json",
      "/lab/client/../client/main.js",
      "/lab/client/main.js?x",
      "/lab/client/main.js::$DATA",
      "//lab.css",
      "/etc/passwd",
      "/..\\package.json",
      "/lab.css%00",
      `${WELCOME}?run=${id}`,
      `/api/runs/${id}/samples/../run.json`,
      `/api/runs/${id}/samples/%2e%2e/run.json`,
      `/api/runs/${id}/samples/10.png`,
      `/api/runs/${id}/samples/-1`,
      `/api/runs/${id}/samples/99999999999`,
      `/api/runs/${"0".repeat(16)}/samples/10`,
      "/api/runs/../../etc/passwd/samples/10",
      "/__proto__",
    ];
    for (const form of forms) expect((await ask(lab, form)).status, form).toBe(404);
  });

  it("sends images of the run's own folder only", async () => {
    for (const [what, round] of [
      ["no image", 20],
      ["a link", 30],
      ["nothing", 40],
    ] as const)
      expect((await ask(lab, `/api/runs/${id}/samples/${round}`)).status, what).toBe(404);
  });

  it("stops runs for its own page only, and says why where it cannot", async () => {
    const address = `/api/runs/${id}/stop`;
    const own = { Origin: `http://127.0.0.1:${lab.port}` };
    expect((await ask(lab, address)).status).toBe(405);
    expect((await ask(lab, address, { method: "POST" })).status).toBe(403);
    const foreign = { ...own, "Sec-Fetch-Site": "cross-site" };
    expect((await ask(lab, address, { method: "POST", headers: foreign })).status).toBe(403);
    const bare = { ...own, Authorization: undefined };
    expect((await ask(lab, address, { method: "POST", headers: bare })).status).toBe(401);
    const ended = await ask(lab, address, { method: "POST", headers: own });
    expect(ended).toMatchObject({ status: 409, body: expect.stringContaining("has finished") });
    const unknown = await ask(lab, `/api/runs/${"0".repeat(16)}/stop`, { method: "POST", headers: own });
    expect(unknown.status).toBe(404);
  });

  it("takes no large message, and no method that it has not", async () => {
    const own = { Origin: `http://127.0.0.1:${lab.port}` };
    const body = "x".repeat(65_537);
    const large = await ask(lab, WELCOME, { method: "POST", headers: own, body }).catch(
      (error: NodeJS.ErrnoException) => error,
    );
    expect(large).toMatchObject({ status: 413 });
    expect((await ask(lab, WELCOME, { headers: { Cookie: "x".repeat(9000) } })).status).toBe(431);
    expect((await ask(lab, WELCOME, { method: "POST", headers: own })).status).toBe(405);
    expect((await ask(lab, "/", { method: "DELETE", headers: own })).status).toBe(404);
    expect((await ask(lab, WELCOME, { method: "POST" })).status).toBe(403);
  });
});
