/** Sliders that go through images. */
import { find, findAll, redraws } from "./context.js";

/** Hands each place of a range input to `show`; play goes round. */
export function openSlider(section, show) {
  const input = find("input[type=range]", section);
  const play = find("[data-do=play]", section);
  let timer;
  const showPlace = () => show(Number(input.value), input);
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
    play.textContent = "play";
    play.setAttribute("aria-pressed", "false");
  };
  input.addEventListener("input", () => {
    stop();
    showPlace();
  });
  play.addEventListener("click", () => {
    if (timer) return stop();
    play.textContent = "pause";
    play.setAttribute("aria-pressed", "true");
    timer = setInterval(() => {
      input.value = String(Number(input.value) >= Number(input.max) ? 0 : Number(input.value) + 1);
      showPlace();
    }, 350);
  });
  redraws.push(() => showPlace());
  showPlace();
}

export const roundToWords = (round) => `round ${round.toLocaleString("en-US")}`;

export function openSamples(section) {
  const frames = findAll(".frames figure", section);
  openSlider(section, (place, input) => {
    for (const [i, frame] of frames.entries()) frame.hidden = i !== place;
    const words = roundToWords(Number(frames[place].dataset.round));
    input.setAttribute("aria-valuetext", words);
    find("output", section).textContent = words;
  });
}
