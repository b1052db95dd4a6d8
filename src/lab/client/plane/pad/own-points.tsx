/** Points of the reader's own, drawn, pasted or from a file: the lab keeps them, and the plane begins anew on them. */
import { useRef, useState } from "preact/hooks";
import { ask } from "../../socket.ts";
import { useDirector } from "../use-plane.ts";

interface Kept {
  readonly id: string;
  readonly count: number;
}

/** What the lab says where it does not take them is thrown. */
async function keep(points: string | ArrayBuffer): Promise<Kept> {
  const response = await ask("/api/points", {
    method: "POST",
    body: points,
    headers: { "Content-Type": "application/octet-stream" },
  }).catch(() => undefined);
  if (response?.ok) return response.json();
  throw new Error(response ? (await response.text()).trim() : "the lab does not answer");
}

/** @param toDrawn what is on the pad, as CSV; undefined: nothing */
export function OwnPoints({ toDrawn }: { readonly toDrawn: (() => string) | undefined }) {
  const director = useDirector();
  const pasted = useRef<HTMLTextAreaElement>(null);
  const [said, say] = useState("");
  const [isPasting, setPasting] = useState(false);
  const train = async (toPoints: () => string | Promise<ArrayBuffer>): Promise<void> => {
    try {
      const { id, count } = await keep(await toPoints());
      say(`The plane begins anew on ${count.toLocaleString("en-US")} points.`);
      director.set([0], "data", `points:${id}`);
    } catch (error) {
      say((error as Error).message);
    }
  };
  return (
    <>
      <div class="row">
        <button type="button" disabled={!toDrawn} onClick={() => toDrawn && train(toDrawn)}>
          Train on what is drawn
        </button>
        <label class="button">
          Open a file of points
          <input
            type="file"
            accept=".csv,.txt,.tsv,.npy"
            onChange={({ currentTarget }) => {
              const [file] = currentTarget.files ?? [];
              if (file) train(() => file.arrayBuffer());
              currentTarget.value = "";
            }}
          />
        </label>
        <button type="button" aria-expanded={isPasting} onClick={() => setPasting(!isPasting)}>
          Paste points
        </button>
      </div>
      {isPasting && (
        <div>
          <label>
            One point a line: one or two numbers, with a comma between them.
            <textarea ref={pasted} rows={5} spellcheck={false} />
          </label>
          <button type="button" onClick={() => train(() => pasted.current!.value)}>
            Train on what is pasted
          </button>
        </div>
      )}
      <p role="status" class="muted">
        {said}
      </p>
    </>
  );
}
