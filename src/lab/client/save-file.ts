/** Hands a file to the reader: never a page of the lab's. */

export function saveFile(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** As exports come in messages. */
export const textToBlob = (text: string): Blob =>
  new Blob([Uint8Array.from(atob(text), (character) => character.charCodeAt(0))]);
