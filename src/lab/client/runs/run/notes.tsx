/** What somebody wrote of a run. */
import { useEffect, useState } from "preact/hooks";
import { ask, order } from "../../socket.ts";
import { timeToText, toTime } from "../parts/values.ts";

export function Notes({ run, isReadOnly }: { readonly run: string; readonly isReadOnly: boolean }) {
  const [text, setText] = useState("");
  const [kept, setKept] = useState("");
  const [said, setSaid] = useState("");
  useEffect(() => {
    void ask(`/api/runs/${run}/notes`)
      .then((response) => response.json())
      .then((notes: { text: string; updated: string }) => {
        setText(notes.text);
        setKept(notes.text);
        setSaid(notes.updated === "" ? "" : `written ${timeToText(toTime(notes.updated))}`);
      })
      .catch(() => {});
  }, [run]);
  const keep = async (): Promise<void> => {
    const refusal = await order(`/api/runs/${run}/notes`, { text });
    if (refusal === undefined) setKept(text);
    setSaid(refusal ?? "saved");
  };
  if (isReadOnly && kept === "") return null;
  return (
    <section class="notes">
      <h3>
        <label for="notes">Notes</label>
      </h3>
      <textarea
        id="notes"
        rows={4}
        readOnly={isReadOnly}
        value={text}
        placeholder="They are kept in the run's folder and stand in its report."
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
      <p>
        {!isReadOnly && (
          <button type="button" disabled={text === kept} onClick={keep}>
            save notes
          </button>
        )}{" "}
        <span class="muted" role="status">
          {text === kept ? said : "not saved yet"}
        </span>
      </p>
    </section>
  );
}
