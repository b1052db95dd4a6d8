/** Grids of samples: the newest, or the one of the round that was chosen. */
import { ask } from "../socket.js";
import { make, setText } from "./elements.js";

/** As wide as style shows it. */
const SHOWN_WIDTH = 400;

export function openSamples(id) {
  let rounds = [];
  let shown;
  let address;
  let isAtEnd = true;
  const image = make("img", {
    onload: () => image.classList.toggle("small", image.naturalWidth <= SHOWN_WIDTH),
  });
  const output = make("output", { for: "sample-round" });
  const slider = make("input", { type: "range", id: "sample-round", min: "0", step: "1", oninput: choose });
  const control = make(
    "div",
    { class: "slider" },
    make("label", { for: "sample-round" }, "round"),
    slider,
    output,
  );
  const element = make(
    "section",
    { class: "samples", hidden: true },
    make("h3", {}, "Samples"),
    control,
    image,
  );

  function choose() {
    isAtEnd = Number(slider.value) === rounds.length - 1;
    show();
  }

  async function show() {
    const round = rounds[Number(slider.value)];
    const text = round.toLocaleString("en-US");
    setText(output, text);
    slider.setAttribute("aria-valuetext", `round ${text}`);
    if (shown === round) return;
    shown = round;
    const response = await ask(`/api/runs/${id}/samples/${round}`).catch(() => undefined);
    if (shown !== round) return;
    if (!response?.ok) {
      shown = undefined;
      return;
    }
    const blob = await response.blob();
    if (shown !== round) return;
    if (address) URL.revokeObjectURL(address);
    address = URL.createObjectURL(blob);
    image.src = address;
    image.alt = `samples of round ${text}`;
  }

  return {
    element,
    update(next) {
      rounds = next;
      element.hidden = rounds.length === 0;
      if (rounds.length === 0) return;
      control.hidden = rounds.length === 1;
      slider.max = String(rounds.length - 1);
      if (isAtEnd) slider.value = slider.max;
      show();
    },
    close() {
      shown = undefined;
      if (address) URL.revokeObjectURL(address);
    },
  };
}
