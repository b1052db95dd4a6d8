/**
 * `fetch` for downloads: through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name, which Node's own does not look
 * at before version 24; and with an end to waiting for a server that says nothing.
 */
import { GanEvalError } from "../errors.ts";

/** Milliseconds. */
export interface Patience {
  /** Until a connection stands. A firewall that drops packets never says no. */
  readonly connect: number;
  /** Until the next byte. */
  readonly silence: number;
}

export const PATIENCE: Patience = { connect: 10_000, silence: 30_000 };

export interface OpenedFetch {
  readonly fetch: typeof fetch;
  close(): Promise<void>;
}

/** A proxy's address, whose `http://` may be left out as for other programs. @throws GanEvalError `usage.proxy` */
function variableToProxy(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const value = env[name.toLowerCase()] || env[name];
  if (!value) return undefined;
  const address = value.includes("://") ? value : `http://${value}`;
  if (URL.canParse(address) && /^https?:/.test(address)) return address;
  throw new GanEvalError(
    "usage.proxy",
    `expected an address like http://proxy:3128 in ${name}, got another`,
    {
      hint: `Correct ${name}, or unset it.`,
    },
  );
}

export async function openFetch(
  { connect, silence }: Patience = PATIENCE,
  env: NodeJS.ProcessEnv = process.env,
): Promise<OpenedFetch> {
  const { EnvHttpProxyAgent, fetch: fetchWith } = await import("undici");
  const httpProxy = variableToProxy("HTTP_PROXY", env);
  const httpsProxy = variableToProxy("HTTPS_PROXY", env);
  const dispatcher = new EnvHttpProxyAgent({
    ...(httpProxy && { httpProxy }),
    ...(httpsProxy && { httpsProxy }),
    noProxy: env.no_proxy ?? env.NO_PROXY ?? "",
    connect: { timeout: connect },
    headersTimeout: silence,
    bodyTimeout: silence,
  });
  const bound = (url: string, init: RequestInit) => fetchWith(url, { ...(init as object), dispatcher });
  return { fetch: bound as unknown as typeof fetch, close: () => dispatcher.destroy() };
}
