// Presses go to /act, which sends what Slack would send; the page is drawn anew whenever the stand-ins change.
"use strict";
const main = document.getElementById("main");
const toast = document.getElementById("toast");
const as = document.body.dataset.as;
let shown = "";
let busy = false;

async function draw() {
  const query = new URLSearchParams({ show: document.body.dataset.show, as });
  const html = await (await fetch("/main?" + query)).text();
  if (html === shown) return;
  const isFirst = shown === "";
  shown = html;
  if (isFirst) return;
  const list = main.querySelector(".messages");
  const atEnd = list && list.scrollTop + list.clientHeight >= list.scrollHeight - 40;
  const top = list ? list.scrollTop : 0;
  const answers = main.querySelectorAll(".private").length;
  const typed = remember();
  main.innerHTML = html; // from this server, every word of it escaped there
  restore(typed);
  const again = main.querySelector(".messages");
  const answered = main.querySelectorAll(".private").length > answers;
  if (again) again.scrollTop = atEnd || answered ? again.scrollHeight : top;
}

const name = (input) => [input.closest("[data-view]")?.dataset.view, input.name, input.type === "text" || input.value].join();

function remember() {
  const inputs = [...main.querySelectorAll("input")];
  const focus = main.contains(document.activeElement) && document.activeElement.name ? name(document.activeElement) : "";
  return { focus, had: new Map(inputs.map((i) => [name(i), i.type === "text" ? i.value : i.checked])) };
}

function restore({ focus, had }) {
  for (const input of main.querySelectorAll("input")) {
    const before = had.get(name(input));
    if (before !== undefined && input.type === "text") input.value = before;
    else if (before !== undefined) input.checked = before;
    if (name(input) === focus) input.focus();
  }
  const field = main.querySelector(".modal input");
  if (field && !main.contains(document.activeElement)) field.focus();
}

async function act(body) {
  busy = true;
  let outcome = { status: "unreachable" };
  try {
    const sent = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ as, ...body }) };
    outcome = await (await fetch("/act", sent)).json();
  } finally {
    busy = false;
  }
  toast.textContent = outcome.status === "ok" || outcome.errors ? "" : "Slack says: " + outcome.status;
  if (outcome.errors) complain(outcome.errors);
  else await draw();
  for (const wait of [300, 800, 1500]) setTimeout(() => busy || draw(), wait); // what comes after the answer
}

function complain(errors) {
  for (const block of main.querySelectorAll(".modal .input")) {
    block.querySelector(".error").textContent = errors[block.dataset.block] || "";
  }
}

function entered(block) {
  const text = block.querySelector("input[type=text]:not(.ask), textarea");
  if (text) return [text.name, text.value];
  const search = block.querySelector(".search");
  const option = block.querySelector("input[type=radio], input[type=checkbox]");
  if (!option && search) return [search.dataset.action, null];
  const name = option.name.slice(block.dataset.block.length + 1);
  const chosen = [...block.querySelectorAll("input:checked")].map((o) => o.value);
  return [name, option.type === "radio" ? chosen[0] || null : chosen];
}

function values(modal) {
  const all = {};
  for (const block of modal.querySelectorAll(".input")) {
    const [name, value] = entered(block);
    all[block.dataset.block] = { [name]: value };
  }
  return all;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (!button || busy) return;
  if (button.dataset.do === "home") return void act({ do: "home" });
  if (button.dataset.confirm && !confirm(button.dataset.confirm)) return;
  const modal = button.closest(".modal, .home");
  const where = { block: button.dataset.block, action: button.dataset.action };
  if (modal && button.dataset.do === "press") act({ do: "dispatch", view: modal.dataset.view, ...where });
  else if (modal) act({ do: button.dataset.do, view: modal.dataset.view, values: values(modal) });
  else {
    const ts = button.closest("[data-ts]").dataset.ts;
    const channel = document.body.dataset.show.replace("channel:", "");
    act({ do: "press", channel, ts, ...where });
  }
});

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const box = event.target.querySelector("input");
  const match = box.value.match(/^\/voc(?:\s+([\s\S]*))?$/);
  if (!match) {
    toast.textContent = "Type /voc and a verb, such as /voc help";
    return;
  }
  box.value = "/voc ";
  await act({ do: "command", channel: event.target.dataset.channel, text: (match[1] || "").trim() });
});

const where = (search) => ({ view: search.closest("[data-view]").dataset.view, block: search.dataset.block, action: search.dataset.action });

document.addEventListener("change", (event) => {
  const search = event.target.closest(".actions .search");
  if (search && event.target.type === "radio") act({ do: "dispatch", ...where(search), value: event.target.value });
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.classList.contains("ask") && !busy) {
    event.preventDefault();
    return void act({ do: "suggest", ...where(event.target.closest(".search")), value: event.target.value });
  }
  const block = event.target.closest(".modal .input");
  if (event.key !== "Enter" || !block || busy) return;
  event.preventDefault();
  if (!block.dataset.dispatch) return;
  const [action, value] = entered(block);
  act({ do: "dispatch", view: block.closest(".modal").dataset.view, block: block.dataset.block, action, value });
});

setInterval(() => {
  if (!busy && !document.hidden) draw();
}, 2500);
draw();
