/** Passwords in addresses, cut out of whatever is printed or kept. */

/** `redis://user:PASSWORD@host`: up to the last @ of the word, for a password may hold one. */
const IN_ADDRESS = /([a-z][a-z0-9+.-]*:\/\/[^\s:/?#@"'`]*):[^\s"'`]*@/gi;
const IN_QUERY = /([?&](?:password|pass|pwd|sslpassword)=)[^&\s"'`]*/gi;

/** The text with `***` in the place of every password. */
export const textToRedacted = (text: string): string =>
  text.replace(IN_ADDRESS, "$1:***@").replace(IN_QUERY, "$1***");
