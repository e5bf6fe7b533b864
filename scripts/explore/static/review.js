// Keys for the desk. Every one does what a button or link of the page does.
"use strict";

const questions = [...document.querySelectorAll("[data-question]")];
let here = Math.max(0, questions.findIndex((q) => `#${q.id}` === location.hash));

function go(to) {
  if (to < 0 || to >= questions.length) {
    const link = document.querySelector(`a[rel=${to < 0 ? "prev" : "next"}]`);
    if (link) link.click();
    return;
  }
  questions[here].removeAttribute("aria-current");
  here = to;
  questions[here].setAttribute("aria-current", "true");
  questions[here].focus({ preventScroll: true });
  questions[here].scrollIntoView({ block: "start" });
}

function press(selector, within = document) {
  const button = within && within.querySelector(selector);
  if (button) button.click();
}

const decide = (word) => () => press(`button[value=${word}]`, questions[here]);
const same = decide("same"), different = decide("different"), later = decide("later");
const keys = {
  1: same, s: same, 2: different, d: different, 3: later, l: later,
  u: () => press("[data-undo]"),
  r: () => questions[here]?.querySelector("input[name=reason]").focus(),
  ArrowRight: () => go(here + 1),
  ArrowLeft: () => go(here - 1),
};

// up and down scroll a question that is higher than the window
function isWhole() {
  const box = questions[here]?.getBoundingClientRect();
  return box && box.top >= 0 && box.bottom <= innerHeight;
}

// the second of two quick presses is of the question that has just gone
let takesAnswers = false;
function take() {
  takesAnswers = true;
  document.body.dataset.takesAnswers = "";
}
setTimeout(take, 300);
addEventListener("pageshow", (event) => { if (event.persisted) take(); });
addEventListener("submit", (event) => {
  if (takesAnswers) takesAnswers = false;
  else event.preventDefault();
});

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const isTyping = event.target.closest?.("input:not([type=checkbox]), textarea, select");
  if (isTyping) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  let act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (event.key === "ArrowDown" && isWhole()) act = keys.ArrowRight;
  if (event.key === "ArrowUp" && isWhole()) act = keys.ArrowLeft;
  if (act && (questions.length || event.key === "u")) {
    event.preventDefault();
    act();
  }
});

if (questions.length) questions[here].setAttribute("aria-current", "true");
