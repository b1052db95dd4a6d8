/** What the lab answers over HTTP, asked for again when something has changed. */
import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../../socket.ts";

/** Not asked more often. */
const PAUSE_MS = 2000;

export interface Answered<T> {
  readonly value?: T;
  /** Why there is none. */
  readonly refusal?: string;
}

/** @param stamp another text: it is to be asked for again */
export function useAnswer<T>(address: string | undefined, stamp: string): Answered<T> {
  const [answered, setAnswered] = useState<Answered<T>>({});
  const asked = useRef(0);
  useEffect(() => {
    if (address === undefined) return;
    let isCurrent = true;
    const get = async (): Promise<void> => {
      asked.current = performance.now();
      const response = await ask(address).catch(() => undefined);
      if (!isCurrent || response === undefined) return;
      setAnswered(response.ok ? { value: await response.json() } : { refusal: await response.text() });
    };
    const wait = Math.max(0, asked.current + PAUSE_MS - performance.now());
    const timer = setTimeout(get, asked.current === 0 ? 0 : wait);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [address, stamp]);
  return answered;
}
