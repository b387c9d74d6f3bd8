// The keyboard of the desk. Every page works without it.
"use strict";

const find = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const typing = (node) => node && node.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");

function startHelp() {
  const help = find("#help");
  all("[data-help]").forEach((button) => button.addEventListener("click", () => help.showModal()));
  return help;
}

function queueKeys() {
  const rows = all(".queue tbody tr[data-row]");
  if (!rows.length) return null;
  let at = -1;
  const go = (to, scroll = true) => {
    if (at >= 0) rows[at].classList.remove("here");
    at = Math.max(0, Math.min(rows.length - 1, to));
    rows[at].classList.add("here");
    find("a.open", rows[at]).focus({ preventScroll: true });
    if (scroll) rows[at].scrollIntoView({ block: "nearest" });
  };
  rows.forEach((row, number) => find("a.open", row).addEventListener("focus", () => {
    if (at !== number) go(number);
  }));
  if (find(".queue[data-focus]")) go(0, false); // alarms above the list stay in sight
  return (key) => {
    if (key === "j" || key === "ArrowDown") go(at + 1);
    else if (key === "k" || key === "ArrowUp") go(at - 1);
    else if (key === "Enter" && at >= 0) find("a.open", rows[at]).click();
    else return false;
    return true;
  };
}

function itemKeys() {
  const form = find("#decision");
  const next = find("#next-item");
  const settle = find("#settle");
  let picked = false;

  const chooseCategory = (key) => {
    const group = all(".group[data-key]").find((one) => one.dataset.key === key);
    if (!group) return false;
    const subjects = all("input[name=subject]", group);
    const now = subjects.findIndex((subject) => subject.checked);
    const subject = subjects[(now + 1) % subjects.length];
    subject.checked = true;
    subject.focus();
    subject.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  };
  const chooseClaim = (digit) => {
    const boxes = all("input[name=claim]");
    const box = boxes.find((one) => one.dataset.digit === digit);
    if (!box) return false;
    if (!picked) boxes.forEach((one) => { if (one !== box) one.checked = false; });
    box.checked = picked ? !box.checked : true;
    picked = true;
    box.closest(".candidate, li").scrollIntoView({ block: "nearest" });
    box.focus();
    return true;
  };
  const arm = () => {
    settle.dataset.plain = settle.dataset.plain || settle.textContent;
    settle.textContent = settle.dataset.again;
    settle.classList.add("armed");
    settle.focus();
  };
  const disarm = () => {
    if (!settle || !settle.classList.contains("armed")) return;
    settle.textContent = settle.dataset.plain;
    settle.classList.remove("armed");
  };
  const turn = (name) => {
    const choices = all(`input[name=${name}]`);
    if (!choices.length) return false;
    const now = choices.findIndex((one) => one.checked);
    choices[(now + 1) % choices.length].checked = true;
    return true;
  };
  const marks = find("#show-marks");
  if (settle) settle.addEventListener("blur", disarm);
  if (form) form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target === settle || event.target.matches("textarea, button, summary")) return;
    event.preventDefault();
    if (event.target.id === "claim-search") find("#do-search").click();
    else arm();
  });
  return (key, code) => {
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(code);
    if (form && digit) return chooseClaim(digit[1]);
    if (key === "n" && next) { next.click(); return true; }
    if (key === "z") return turn("zoom");
    if (key === "m" && marks) { marks.click(); return true; }
    if (key === "u") { find("#back").click(); return true; }
    if (form && key === "Enter") {
      if (settle.classList.contains("armed")) return false;
      arm();
      return true;
    }
    return form ? chooseCategory(key) : false;
  };
}

function start() {
  const help = startHelp();
  const page = find("#decision, .paper") ? itemKeys() : queueKeys();
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (help && help.open)) return;
    if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
    if (typing(event.target)) return;
    const own = event.target.matches("button, a, summary") && !event.target.matches("a.open");
    if (event.key === "Enter" && own) return;
    let done = false;
    if (event.key === "?") { help.showModal(); done = true; }
    else if (event.key === "/") {
      const search = find("#claim-search, #search");
      if (search) { search.focus(); search.select(); done = true; }
    } else if (page) done = page(event.key.length === 1 ? event.key.toLowerCase() : event.key, event.code);
    if (done) event.preventDefault();
  });
}

start();
