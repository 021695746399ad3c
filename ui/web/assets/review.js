// The review page: keys, the next cell at once, and what was said of a cell sent one word after the other.
"use strict";
(() => {
  const find = (selector, inside = document) => inside.querySelector(selector);
  const queue = () => find("#jh-review");
  const items = () => [...document.querySelectorAll("#jh-review .jr-item")];
  const current = () => find("#jh-review .jr-item:not([hidden])");
  const key = (item) => `${item.dataset.form} ${item.dataset.cell}`;
  const AHEAD = 2; // cells whose picture is fetched before they are wanted

  let skipped = [];
  let unsent = []; // words on cells, in order; the first one is on its way
  let turn = 0;
  let asking = false;

  const fire = (detail) => {
    const bridge = find("#jh-review-bridge");
    // The innermost element: whichever of its ancestors the component listens on, the event comes by.
    (find(".prose", bridge) || bridge).dispatchEvent(new CustomEvent("jh-review", { detail, bubbles: true }));
  };
  const query = () => Object.fromEntries(new URLSearchParams(location.search));
  const ask = (name, more = {}) => { asking = true; fire({ name, query: query(), skipped, ...more }); };

  const wake = (item) => item && find("img[data-src]", item) && ((image) => { image.src = image.dataset.src; image.removeAttribute("data-src"); })(find("img[data-src]", item));

  const show = (item) => {
    for (const one of items()) one.hidden = one !== item;
    if (!item) return;
    const all = items();
    for (const one of all.slice(all.indexOf(item), all.indexOf(item) + 1 + AHEAD)) wake(one);
    message(item, "");
  };

  const message = (item, text) => {
    const place = find(".jr-message", item);
    place.textContent = text;
    place.hidden = !text;
  };

  // The next one that nobody has settled here; when there is none, the server is asked for more.
  const next = () => {
    const open = items().filter((one) => !("done" in one.dataset));
    if (open.length) return show(open[0]);
    show(null);
    // What is on its way first: the server is to know of it when it says what is left.
    if (!asking && !unsent.length) ask("more");
  };

  const count = (reviewed) => {
    const bar = find(".jr-bar");
    if (!bar) return;
    bar.dataset.left = Math.max(0, +bar.dataset.left - reviewed);
    bar.dataset.matching = Math.max(0, +bar.dataset.matching - reviewed);
    bar.dataset.today = Math.max(0, +bar.dataset.today + reviewed);
    for (const name of ["left", "matching", "today"]) {
      const place = find(`.jr-${name}`, bar);
      if (place) place.textContent = place.dataset.text.replace("#", bar.dataset[name]);
    }
    find(".jr-meter", bar).value = +bar.dataset.today;
  };

  const send = () => { if (unsent.length) fire(unsent[0]); };

  const settle = (item, action, typed = "") => {
    item.dataset.done = action;
    unsent.push({
      name: "act", form: item.dataset.form, cell: item.dataset.cell, action, typed,
      seen: item.dataset.seen, seen_empty: "empty" in item.dataset, row: item.dataset.row ?? null, turn: ++turn,
    });
    count(1);
    if (unsent.length === 1) send();
    next();
  };

  const edit = (item, open) => {
    const form = find(".jr-edit", item);
    if (!form) return;
    form.hidden = !open;
    if (open) { const input = find("[name=typed]", form); input.focus(); input.select(); }
    else item.focus?.();
  };

  const skip = (item) => {
    skipped.push({ form_id: item.dataset.form, cell: item.dataset.cell });
    item.dataset.done = "skip";
    next();
  };

  const undo = (correction = null) => {
    // What is still to be sent first: the last word is taken back, not the one before it.
    if (unsent.length) return setTimeout(() => undo(correction), 60);
    skipped = [];
    ask("undo", { correction });
  };

  const actions = {
    accept: (item) => settle(item, "accept"),
    edit: (item) => edit(item, true),
    cancel: (item) => edit(item, false),
    unreadable: (item) => settle(item, "unreadable"),
    skip,
    undo: () => undo(),
  };

  document.addEventListener("click", (event) => {
    const item = event.target.closest(".jr-item");
    const button = event.target.closest("[data-do], .jr-reading, .jr-again, .jr-clear, [data-undo]");
    if (!button) return;
    if (button.matches(".jr-again")) { skipped = []; ask("more"); }
    else if (button.matches(".jr-clear")) go({});
    else if (button.dataset.undo) undo(+button.dataset.undo);
    else if (button.matches(".jr-reading")) settle(item, "value", button.dataset.reading);
    else actions[button.dataset.do](item);
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".jr-edit, .jr-filters")) return;
    event.preventDefault();
    if (event.target.matches(".jr-edit")) settle(event.target.closest(".jr-item"), "value", find("[name=typed]", event.target).value);
  });

  document.addEventListener("keydown", (event) => {
    const item = current();
    if (!queue() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || find("dialog[open]")) return;
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (typing) {
      if (!typing.closest(".jr-edit")) return;
      if (event.key === "Escape") edit(item, false);
      else if (event.key === "Enter" && !event.shiftKey) typing.form.requestSubmit();
      else return;
      event.preventDefault();
      return;
    }
    // A button or link that has the focus keeps Enter for itself.
    if (event.key === "Enter" && event.target.closest?.("button, a, summary")) return;
    const name = { enter: "accept", e: "edit", u: "unreadable", s: "skip", z: "undo" }[event.key.toLowerCase()];
    const there = (which) => find(`[data-do=${which}]`, item || document);
    if (name === "undo" && (find(".jr-log [data-undo]") || unsent.length)) undo();
    else if (item && name && there(name)) actions[name](item);
    else if (item && /^[12]$/.test(event.key)) find(`.jr-reading:nth-of-type(${event.key}):not([disabled])`, item)?.click();
    else return;
    event.preventDefault();
  });

  // Filters are part of the address.
  const go = (wanted) => {
    const text = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value)).toString();
    history.pushState(null, "", `/review${text ? `?${text}` : ""}`);
    skipped = [];
    ask("more");
  };
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.(".jr-filters");
    if (form) go(Object.fromEntries(new FormData(form)));
  });
  window.addEventListener("popstate", () => { if (queue()) ask("more"); });

  // What came of a word: the next one is sent; a cell that was refused comes back.
  const heard = (told) => {
    const { state, turn: answered, form, cell } = told.dataset;
    told.dataset.heard = "";
    if (state === "undone" || (state === "failed" && !form)) return;
    if (!unsent.length || unsent[0].turn !== +answered) return;
    const word = unsent.shift();
    send();
    if (state === "done") return current() || next();
    count(-1);
    const item = items().find((one) => one.dataset.form === form && one.dataset.cell === cell);
    const text = find(".jr-told-text", told).textContent;
    const fresh = find(".jr-fresh .jr-item", told);
    if (state === "changed" && !fresh) { count(1); return current() || next(); }
    if (!item) return current() || next();
    let back = item;
    if (fresh) { fresh.dataset.back = ""; item.replaceWith(fresh); back = fresh; }
    else delete item.dataset.done;
    show(back);
    message(back, text);
    if (state === "failed" && word.action === "value") { edit(back, true); find("[name=typed]", back).value = word.typed; }
  };

  const look = () => {
    const told = find("#jh-review-told .jr-told:not([data-heard])");
    if (told) heard(told);
    // A new slice: shown from its first cell that is not on its way.
    const all = items();
    if (all.length && !all.some((one) => "known" in one.dataset)) {
      asking = false;
      const away = new Set([...skipped.map((one) => `${one.form_id} ${one.cell}`), ...unsent.map((one) => `${one.form} ${one.cell}`)]);
      for (const one of all) { one.dataset.known = ""; if (away.has(key(one))) one.dataset.done = ""; }
      next();
    } else if (!all.length && find("#jh-review .jh-empty")) asking = false;
  };
  new MutationObserver(() => { if (queue()) look(); }).observe(document.documentElement, { childList: true, subtree: true });
})();
