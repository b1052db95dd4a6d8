/** The headers of everything that a lab sends. */
import { createHash } from "node:crypto";

/** Where modules of packages lie, for the page's own to import them by name. */
export const IMPORT_MAP = JSON.stringify({
  imports: {
    preact: "/vendor/preact.js",
    "preact/hooks": "/vendor/preact-hooks.js",
    "preact/jsx-runtime": "/vendor/preact-jsx-runtime.js",
  },
});

/** Nothing but the lab's own files, no script in the page but the map of its imports, no HTML from text. */
const toPolicy = (importMap: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' 'sha256-${createHash("sha256").update(importMap).digest("base64")}'`,
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");

export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": toPolicy(IMPORT_MAP),
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cache-Control": "no-store",
};
