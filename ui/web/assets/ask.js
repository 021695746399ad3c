// The page of questions: who asks, sorting of tables, copying, files, the address.
"use strict";
(() => {
  const jihe = (window.jihe = window.jihe || {});
  const ask = (jihe.ask = {});

  // Whoever does not log in finds their conversations again by a random number in a cookie.
  if (location.pathname === "/ask" && !/(^|; )jihe-visitor=/.test(document.cookie)) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const id = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
    document.cookie = `jihe-visitor=${id}; path=/; max-age=31536000; samesite=strict` + (location.protocol === "https:" ? "; secure" : "");
  }

  // The address names the conversation, so that a reload and a bookmark find it.
  ask.address = (conversation) => {
    if (location.pathname === "/ask") history.replaceState(null, "", conversation ? `/ask?c=${encodeURIComponent(conversation)}` : "/ask");
  };

  ask.save = (file) => {
    if (!file || file.trouble) return window.alert(file ? file.trouble : "");
    const bytes = Uint8Array.from(atob(file.data), (one) => one.charCodeAt(0));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes]));
    link.download = file.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  // Tables: the heads of columns become buttons; aria-sort says the order.
  const collator = new Intl.Collator("zh-CN", { numeric: true });
  const text = (row, at) => {
    const cell = row.cells[at].cloneNode(true);
    cell.querySelectorAll(".ask-chip, .ask-rest").forEach((one) => one.remove());
    return cell.textContent.trim();
  };
  const number = (told) => {
    const found = told.replace(/,/g, "").match(/^-?\d+(\.\d+)?(?=$|\s*(%|分|万元|亿元|元|个|项|points|yuan)|\s*个百分点)/);
    if (!found) return null;
    return parseFloat(found[0]) * (told.includes("亿元") ? 1e8 : told.includes("万元") ? 1e4 : 1);
  };
  const sort = (head) => {
    const table = head.closest("table");
    const at = head.cellIndex;
    const down = head.getAttribute("aria-sort") === "ascending";
    const rows = [...table.tBodies[0].rows].map((row) => [row, text(row, at)]);
    const figures = rows.every(([, told]) => !told || number(told) !== null);
    rows.sort(([, one], [, other]) => {
      if (!one || !other) return one ? -1 : other ? 1 : 0; // what is empty stays at the end
      return (figures ? number(one) - number(other) : collator.compare(one, other)) * (down ? -1 : 1);
    });
    table.tBodies[0].append(...rows.map(([row]) => row));
    table.querySelectorAll("th").forEach((one) => one.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
  };
  const prepare = () => {
    for (const frame of document.querySelectorAll("[data-ask-sortable]:not([data-ask-ready])")) {
      frame.dataset.askReady = "1";
      const table = frame.querySelector("table");
      if (!table || !table.tBodies.length) continue;
      const bodies = [...table.tBodies[0].rows];
      for (const head of table.querySelectorAll("th")) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "ask-sort";
        button.title = frame.dataset.askSort;
        button.append(...head.childNodes);
        head.append(button);
        const told = bodies.map((row) => text(row, head.cellIndex)).filter(Boolean);
        if (told.length && told.every((one) => number(one) !== null))
          for (const row of [head.parentElement, ...bodies]) row.cells[head.cellIndex].classList.add("jh-number");
      }
    }
  };

  const copy = async (button) => {
    const raw = button.closest(".ask-answer").querySelector(".ask-raw");
    try {
      await navigator.clipboard.writeText(raw.value);
    } catch {
      // Without https there is no clipboard but this one.
      raw.hidden = false;
      raw.select();
      document.execCommand("copy");
      raw.hidden = true;
    }
    const before = button.textContent;
    button.textContent = button.dataset.askCopy;
    setTimeout(() => (button.textContent = before), 1500);
  };

  document.addEventListener("click", (event) => {
    const sorted = event.target.closest(".ask-sort");
    if (sorted) return sort(sorted.closest("th"));
    const more = event.target.closest("[data-ask-more]");
    if (more) {
      const open = more.getAttribute("aria-expanded") !== "true";
      more.setAttribute("aria-expanded", String(open));
      more.nextElementSibling.hidden = !open;
      return;
    }
    const button = event.target.closest("[data-ask-copy]");
    if (button) copy(button);
  });

  // A new question is looked at from its beginning, once.
  let seen = "";
  const follow = () => {
    const now = document.querySelector(".ask-now .ask-question");
    const key = now && now.classList.contains("ask-question") ? now.textContent : "";
    if (key && key !== seen) now.closest(".ask-turn").scrollIntoView({ block: "start" });
    if (seen && !now) {
      const last = [...document.querySelectorAll(".ask-past .ask-turn")].pop();
      if (last) last.scrollIntoView({ block: "start" });
    }
    seen = key;
  };
  const narrow = window.matchMedia("(max-width: 900px)");
  const fold = () => {
    const chats = document.querySelector(".ask-chats:not([data-ask-ready])");
    if (!chats) return;
    chats.dataset.askReady = "1";
    if (narrow.matches) chats.open = false;
  };

  if (location.pathname === "/ask") {
    document.documentElement.classList.add("ask-open");
    const watch = () => new MutationObserver(() => { prepare(); follow(); fold(); }).observe(document.body, { childList: true, subtree: true });
    if (document.body) watch();
    else document.addEventListener("DOMContentLoaded", watch);
  }
})();
