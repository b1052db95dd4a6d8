/** What was chosen otherwise in another run. */

import { useEffect, useState } from "preact/hooks";
import { ask } from "../../socket.ts";
import type { LiveStore } from "../live-store.ts";
import { PlainTable } from "../parts/scroll.tsx";

interface Difference {
  readonly name: string;
  readonly own: string;
  readonly other: string;
}

export function Differences({ store, id }: { readonly store: LiveStore; readonly id: string }) {
  const [other, setOther] = useState("");
  const [found, setFound] = useState<readonly Difference[] | string>();
  useEffect(() => {
    if (other === "") return setFound(undefined);
    let isCurrent = true;
    void ask(`/api/runs/${id}/differences/${other}`)
      .then(async (response) => (response.ok ? response.json() : response.text()))
      .catch(() => "the server does not answer")
      .then((answer) => isCurrent && setFound(answer));
    return () => {
      isCurrent = false;
    };
  }, [id, other]);
  const others = [...store.runs.values()].filter((run) => run.id !== id);
  if (others.length === 0) return null;
  return (
    <section>
      <h3>
        <label for="other">Differences to</label>
      </h3>
      <p>
        <select id="other" value={other} onChange={({ currentTarget }) => setOther(currentTarget.value)}>
          <option value="">choose a run</option>
          {others.map((run) => (
            <option key={run.id} value={run.id}>
              {run.name}
            </option>
          ))}
        </select>{" "}
        {other !== "" && <a href={`#compare=${id},${other}`}>lay the two over one another</a>}
      </p>
      {typeof found === "string" && <p class="muted">{found}</p>}
      {Array.isArray(found) && found.length === 0 && <p class="muted">Their options are the same.</p>}
      {Array.isArray(found) && found.length > 0 && (
        <PlainTable
          label="differences"
          heads={["option", "this run", "the other"]}
          rows={(found as readonly Difference[]).map(({ name, own, other: theirs }) => [name, own, theirs])}
        />
      )}
    </section>
  );
}
