/** User and password of an address, which `fetch` takes in a header only. */

/** What to ask of a server, as `fetch` takes it. */
export interface PlainRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** `http://ann:secret@host/x` without user, password and fragment, and the header that says them (RFC 7617). */
export function addressToRequest(address: string): PlainRequest {
  const url = new URL(address);
  const { username, password } = url;
  url.username = "";
  url.password = "";
  url.hash = "";
  const words = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const isNamed = username !== "" || password !== "";
  return {
    url: url.href,
    headers: isNamed ? { authorization: `Basic ${Buffer.from(words).toString("base64")}` } : {},
  };
}
