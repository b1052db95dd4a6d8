/** Addresses of shards as they may be shown and kept: without names, passwords and signatures. */

export const isWebLocation = (location: string): boolean => /^https?:\/\//i.test(location);

/** Parts of a query that sign it or hold a key: of S3, Google, Azure and others. They change while the file does not. */
const SECRET =
  /^(x-(amz|goog)-.*|sig|signature|awsaccesskeyid|googleaccessid|expires|token|access_token|key-pair-id|policy|se|sp|sv|st|sr|skoid|sktid|skt|ske|sks|skv)$/i;

const ADDRESS = /https?:\/\/(?:(?!::)\S)+/gi;
const NAME_AND_PASSWORD = /^(https?:\/\/)[^/?#]*@/i;

/** A text with each address in it without name, password and query. */
export const locationToShown = (text: string): string =>
  text.replace(ADDRESS, (address) => address.replace(NAME_AND_PASSWORD, "$1").replace(/[?#].*$/s, ""));

/** Whether an address in a text has a name, a password or a signature. */
export const hasSecret = (text: string): boolean =>
  (text.match(ADDRESS) ?? []).some((address) => {
    const [, query = ""] = address.split("?", 2);
    return (
      NAME_AND_PASSWORD.test(address) ||
      query.split(/[&#]/).some((part) => SECRET.test(part.split("=", 1)[0]))
    );
  });

/** What names a file in the cache: its address without what signs it. */
export function addressToPlace(address: string): string {
  const place = new URL(address);
  for (const name of [...place.searchParams.keys()]) if (SECRET.test(name)) place.searchParams.delete(name);
  return place.href;
}
