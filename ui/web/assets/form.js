// The page of one form: choosing a cell shows its boxes, choosing a box its cell; the panel of the chosen cell; zoom and pages.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const state = { sheet: null, pages: null, cells: {}, chosen: "", zoom: 1, watcher: null, busy: false };
  const looks = { review: "review", corrected: "corrected", confirmed: "confirmed" };

  // Gradio puts the three parts into the page, and the right one anew after every change.
  const look = () => {
    const sheet = $(".jf-sheet"), pages = $(".jf-pages");
    if (pages !== state.pages) { state.pages = pages; if (pages) openPages(pages); }
    // Gradio keeps elements and changes what is different in them: the stamp tells one rendering from the next.
    const stamp = sheet ? sheet.dataset.stamp : "";
    if (sheet !== state.sheet || stamp !== state.stamp) { state.sheet = sheet; state.stamp = stamp; if (sheet) openSheet(sheet); }
  };
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true, attributeFilter: ["data-stamp"] });

  function openSheet(sheet) {
    const again = state.form === sheet.dataset.form;
    state.form = sheet.dataset.form;
    state.cells = JSON.parse(sheet.dataset.cells);
    state.busy = false;
    if (again && state.scrolled !== undefined) sheet.scrollTop = state.scrolled;
    sheet.onscroll = () => { state.scrolled = sheet.scrollTop; };
    for (const page of all(".jf-page")) if (page.dataset.drawn) boxes(page);
    const wanted = again ? state.chosen : new URLSearchParams(location.search).get("cell");
    state.chosen = "";
    const panel = $(".jf-panel");
    if (panel) { panel.hidden = true; panel.classList.remove("jf-busy"); }
    const first = $(".jf-cell", sheet);
    if (first) first.tabIndex = 0;
    if (wanted && state.cells[wanted]) choose(wanted, { focus: again && state.hadFocus });
  }

  // Pages

  function openPages(pages) {
    const scroller = pages;
    state.watcher = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        entry.target.dataset.near = entry.isIntersecting ? "1" : "";
        if (entry.isIntersecting) draw(entry.target);
      }
    }, { root: scroller, rootMargin: "400px" });
    for (const page of all(".jf-page", pages)) state.watcher.observe(page);
    scroller.addEventListener("scroll", () => {
      const middle = scroller.getBoundingClientRect().top + scroller.clientHeight / 3;
      const now = all(".jf-page", pages).filter((page) => page.getBoundingClientRect().top <= middle).pop();
      const goto_ = $("[data-goto]");
      if (now && goto_) goto_.value = now.dataset.page;
    }, { passive: true });
    zoom(1);
  }

  // How finely a page is drawn depends on how large it is on the screen.
  function fineness(page) {
    const pixels = page.clientWidth * Math.min(2, window.devicePixelRatio || 1);
    const wanted = (72 * pixels) / Number(page.dataset.width);
    return [96, 144, 200, 300].find((step) => step >= wanted * 0.9) || 300;
  }

  function draw(page) {
    const fine = fineness(page);
    if (Number(page.dataset.fine || 0) >= fine) return;
    page.dataset.fine = fine;
    const picture = new Image();
    picture.alt = page.dataset.alt;
    picture.onload = () => { const old = $("img", page); if (old) old.replaceWith(picture); else page.prepend(picture); page.classList.add("jf-drawn"); };
    picture.src = `${page.dataset.picture}?dpi=${fine}`;
    if (!page.dataset.drawn) { page.dataset.drawn = "1"; boxes(page); }
  }

  function boxes(page) {
    for (const box of all(".jh-box", page)) box.remove();
    const number = Number(page.dataset.page), width = Number(page.dataset.width), height = Number(page.dataset.height);
    const pieces = document.createDocumentFragment();
    for (const [cell, one] of Object.entries(state.cells)) {
      for (const [at, x0, y0, x1, y1] of one.boxes) {
        if (at !== number) continue;
        const box = document.createElement("button");
        box.type = "button";
        box.tabIndex = -1;
        box.dataset.cell = cell;
        box.title = one.label;
        box.setAttribute("aria-label", one.label);
        box.className = `jh-box jh-${looks[one.state] || "grounded"}${one.findings ? " jf-box-found" : ""}`;
        Object.assign(box.style, {
          left: `${(100 * x0) / width}%`, top: `${(100 * y0) / height}%`,
          width: `${(100 * (x1 - x0)) / width}%`, height: `${(100 * (y1 - y0)) / height}%`,
        });
        pieces.append(box);
      }
    }
    page.append(pieces);
    light(page);
  }

  function light(root) {
    const one = state.cells[state.chosen];
    const beside = one && !one.boxes.length ? one.beside : "";
    for (const box of all(".jh-box", root)) {
      box.classList.toggle("jh-chosen", Boolean(state.chosen) && box.dataset.cell === state.chosen);
      box.classList.toggle("jf-beside", Boolean(beside) && box.dataset.cell === beside);
      box.tabIndex = box.dataset.cell === state.chosen ? 0 : -1;
    }
  }

  function zoom(to) {
    const pages = state.pages;
    if (!pages) return;
    const from = state.zoom;
    state.zoom = Math.min(4, Math.max(0.4, to));
    const x = (pages.scrollLeft + pages.clientWidth / 2) / from, y = (pages.scrollTop + pages.clientHeight / 2) / from;
    pages.style.setProperty("--jf-zoom", state.zoom);
    pages.scrollLeft = x * state.zoom - pages.clientWidth / 2;
    if (state.zoom !== from) pages.scrollTop = y * state.zoom - pages.clientHeight / 2;
    const told = $(".jf-zoom");
    if (told) told.textContent = `${Math.round(100 * state.zoom)}%`;
    for (const page of all(".jf-page", pages)) if (page.dataset.near) draw(page);
  }

  function showBox(cell) {
    const pages = state.pages, one = state.cells[cell];
    if (!pages || !one) return;
    const place = one.boxes[0] || (one.beside && state.cells[one.beside] ? state.cells[one.beside].boxes[0] : null);
    if (!place) return;
    const page = $(`.jf-page[data-page="${place[0]}"]`, pages);
    if (!page) return;
    draw(page);
    // By the page's own measures: the picture may not be there yet.
    const scale = page.clientWidth / Number(page.dataset.width);
    const top = page.offsetTop + place[2] * scale, bottom = page.offsetTop + place[4] * scale;
    const left = page.offsetLeft + place[1] * scale, right = page.offsetLeft + place[3] * scale;
    if (top < pages.scrollTop + 40 || bottom > pages.scrollTop + pages.clientHeight - 40) pages.scrollTop = (top + bottom) / 2 - pages.clientHeight / 2;
    if (left < pages.scrollLeft || right > pages.scrollLeft + pages.clientWidth) pages.scrollLeft = (left + right) / 2 - pages.clientWidth / 2;
  }

  // Cells

  function choose(cell, { focus = false, from = "" } = {}) {
    const one = state.cells[cell];
    if (!one) return;
    for (const button of all('.jf-cell[aria-pressed="true"]')) { button.setAttribute("aria-pressed", "false"); button.tabIndex = -1; }
    state.chosen = cell;
    const button = $(`.jf-cell[data-cell="${CSS.escape(cell)}"]`);
    if (button) {
      for (const other of all('.jf-cell[tabindex="0"]')) other.tabIndex = -1;
      button.setAttribute("aria-pressed", "true");
      button.tabIndex = 0;
      fill(one);
      inSight(button);
      if (focus) button.focus({ preventScroll: true });
    }
    if (from !== "page") showBox(cell);
    if (state.pages) light(state.pages);
    const query = new URLSearchParams(location.search);
    query.set("cell", cell);
    history.replaceState(history.state, "", `?${query}`);
  }

  function inSight(button) {
    const sheet = state.sheet, around = sheet.getBoundingClientRect(), at = button.getBoundingClientRect();
    if (sheet.scrollHeight > sheet.clientHeight + 4) {
      if (at.top < around.top + 30 || at.bottom > around.bottom - 10) sheet.scrollTop += at.top - around.top - (sheet.clientHeight - at.height) / 2;
    } else if (at.top < 120 || at.bottom > window.innerHeight * 0.55) window.scrollBy(0, at.top - window.innerHeight * 0.3);
    const wide = button.closest(".jf-wide");
    if (wide) {
      const edge = wide.getBoundingClientRect();
      if (at.left < edge.left) wide.scrollLeft += at.left - edge.left - 10;
      else if (at.right > edge.right) wide.scrollLeft += at.right - edge.right + 10;
    }
  }

  function drop() {
    const panel = $(".jf-panel");
    if (panel) panel.hidden = true;
    for (const button of all('.jf-cell[aria-pressed="true"]')) { button.setAttribute("aria-pressed", "false"); button.focus(); }
    state.chosen = "";
    if (state.pages) light(state.pages);
    const query = new URLSearchParams(location.search);
    query.delete("cell");
    history.replaceState(history.state, "", `?${query}`);
  }

  // The panel

  function fill(one) {
    const panel = $(".jf-panel");
    if (!panel) return;
    const words = $(".jf-words").dataset, group = one.kind === "group";
    panel.hidden = false;
    const put = (slot, text) => { const at = $(`[data-slot="${slot}"]`, panel); if (at) at.textContent = text; };
    const part = (name, shown) => { const at = $(`[data-part="${name}"]`, panel); if (at) at.hidden = !shown; };
    put("label", one.label);
    put("cell", state.chosen);
    const tag = $('[data-slot="state"]', panel);
    tag.textContent = words[one.state] || "";
    tag.className = `jh-tag ${{ review: "jh-warning", corrected: "jh-corrected", confirmed: "jh-good", unlocated: "jh-warning" }[one.state] || ""}`;
    tag.hidden = group && one.state !== "review";
    for (const name of ["printed", "place", "read", "was", "reason"]) { put(name, one[name] || ""); part(name, Boolean(one[name]) && !(group && name === "place")); }
    place($('[data-slot="place"]', panel), one);
    list($('[data-slot="events"]', panel), (one.events || []).map((text) => item(text)));
    part("events", (one.events || []).length > 0);
    const found = (one.findings || []).map((number) => $(`[data-finding="${number}"] .jf-jump`)).filter(Boolean);
    list($('[data-slot="findings"]', panel), found.map((from) => { const to = document.createElement("li"); to.append(...[...from.childNodes].map((node) => node.cloneNode(true))); return to; }));
    part("findings", found.length > 0);
    const edit = $(".jf-edit", panel);
    if (!edit) return;
    edit.hidden = group;
    edit.elements.value.value = one.value;
    grow(edit.elements.value);
    edit.elements.value.inputMode = one.kind === "text" ? "text" : "decimal";
    const show = (name, shown) => { $(`[data-decide="${name}"]`, edit).hidden = !shown; };
    show("confirm", one.state !== "confirmed" && one.state !== "corrected");
    show("empty", one.value !== "" || one.state === "review");
    show("unreadable", one.state === "review");
    show("undo", Boolean(one.undo));
    const readings = $(".jf-readings", panel);
    readings.replaceChildren(...(one.readings || []).map((reading) => {
      const row = document.createElement("p"), text = document.createElement("span"), use = document.createElement("button");
      text.textContent = reading.told;
      use.type = "button";
      use.textContent = readings.dataset.use;
      use.dataset.use = reading.value;
      use.setAttribute("aria-label", `${readings.dataset.use} ${reading.told}`);
      row.append(text, use);
      return row;
    }));
    readings.hidden = !(one.readings || []).length;
  }

  // The place opens the page large, which on a phone is the way to see it beside the value.
  function place(at, one) {
    const page = one.boxes.length && $(`.jf-page[data-page="${one.boxes[0][0]}"]`);
    if (!page) return;
    const open = document.createElement("button");
    open.type = "button";
    open.className = "jf-open";
    open.textContent = at.textContent;
    open.dataset.jhPlace = JSON.stringify({ document: page.dataset.document, page: one.boxes[0][0], box: one.boxes[0].slice(1), title: `${one.label} · ${page.dataset.alt}` });
    at.replaceChildren(open);
  }

  const item = (text) => { const at = document.createElement("li"); at.textContent = text; return at; };
  const list = (at, items) => at.replaceChildren(...items);
  const grow = (area) => { area.style.height = "auto"; area.style.height = `${Math.min(160, area.scrollHeight + 2)}px`; };

  // A decision goes to the server through the component that shows the form.
  function act(detail) {
    if (state.busy || !state.sheet) return;
    state.busy = true;
    state.hadFocus = true;
    const panel = $(".jf-panel");
    if (panel) panel.classList.add("jf-busy");
    state.sheet.dispatchEvent(new CustomEvent("jihe-act", { bubbles: true, detail: { form: state.form, ...detail } }));
    // Where the server refuses, nothing comes back.
    setTimeout(() => { state.busy = false; const now = $(".jf-panel"); if (now) now.classList.remove("jf-busy"); }, 8000);
  }

  const decide = (what, value = "") => act({ cell: state.chosen, do: what, value, seen: (state.cells[state.chosen] || {}).value || "" });

  document.addEventListener("click", (event) => {
    const target = event.target;
    if (!target.closest || !target.closest(".jf")) return;
    const cell = target.closest(".jf-cell"), box = target.closest(".jf-page .jh-box"), jump = target.closest("[data-jump]");
    if (cell) choose(cell.dataset.cell, { focus: true });
    else if (box) choose(box.dataset.cell, { from: "page" });
    else if (jump) choose(jump.dataset.jump, { focus: true });
    else if (target.closest("[data-zoom]")) { const way = target.closest("[data-zoom]").dataset.zoom; zoom(way === "fit" ? 1 : state.zoom * (way === "in" ? 1.25 : 0.8)); }
    else if (target.closest(".jf-panel [data-close]")) drop();
    else if (target.closest("[data-use]") && target.closest(".jf-readings p")) decide(target.dataset.use === "" ? "empty" : "correct", target.dataset.use);
    else if (target.closest(".jf-edit [data-decide]:not([type=submit])")) decide(target.closest("[data-decide]").dataset.decide);
    else if (target.closest("[data-version]")) act({ do: "version", version: target.closest("[data-version]").dataset.version });
    else if (target.closest(".jf-fold")) {
      const button = target.closest(".jf-fold"), folded = button.closest(".jf").classList.toggle("jf-folded"), text = button.textContent;
      button.textContent = button.dataset.fold;
      button.dataset.fold = text;
      button.setAttribute("aria-expanded", String(!folded));
    }
  });

  document.addEventListener("submit", (event) => {
    const edit = event.target.closest(".jf .jf-edit");
    if (!edit) return;
    event.preventDefault();
    decide("correct", edit.elements.value.value);
  });

  document.addEventListener("input", (event) => { if (event.target.closest(".jf-edit textarea")) grow(event.target); });

  document.addEventListener("change", (event) => {
    const to = event.target.closest(".jf [data-goto]");
    const page = to && $(`.jf-page[data-page="${to.value}"]`);
    if (page) state.pages.scrollTop = page.offsetTop - 8;
  });

  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (!target.closest || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && target.closest(".jf-panel, .jf-cell, .jh-box")) {
      event.preventDefault();
      const back = target.closest(".jf-panel") && $(`.jf-cell[data-cell="${CSS.escape(state.chosen)}"]`);
      if (back) back.focus({ preventScroll: true }); else drop();
      return;
    }
    if (target.matches(".jf-edit textarea") && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      decide("correct", target.value);
      return;
    }
    const cell = target.closest(".jf-cell");
    if (cell) {
      const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
      if (way) { event.preventDefault(); const next = neighbour(cell, way); if (next) choose(next.dataset.cell, { focus: true }); }
      else if (event.key === "Enter" && cell.getAttribute("aria-pressed") === "true") {
        const area = $(".jf-edit:not([hidden]) textarea");
        if (area) { event.preventDefault(); area.focus(); area.select(); }
      }
      return;
    }
    if (target.closest(".jf-pages")) {
      const box = target.closest(".jh-box");
      if (event.key === "+" || event.key === "=") zoom(state.zoom * 1.25);
      else if (event.key === "-") zoom(state.zoom * 0.8);
      else if (event.key === "0") zoom(1);
      else if (event.key === "Enter" && !box) {
        const first = $(".jh-box", all(".jf-page", state.pages).find((page) => page.dataset.near) || state.pages);
        if (first) { choose(first.dataset.cell, { from: "page" }); first.focus({ preventScroll: true }); }
      } else if (box && event.key.startsWith("Arrow")) {
        event.preventDefault();
        const boxes_ = all(".jh-box", box.parentElement), step = ["ArrowRight", "ArrowDown"].includes(event.key) ? 1 : -1;
        let at = boxes_.indexOf(box) + step;
        while (boxes_[at] && boxes_[at].dataset.cell === box.dataset.cell) at += step;
        if (boxes_[at]) { choose(boxes_[at].dataset.cell); boxes_[at].focus({ preventScroll: true }); }
      }
    }
  });

  // The cell next to this one: along the reading order sideways, the nearest one below or above otherwise.
  function neighbour(cell, [across, down]) {
    const cells = all(".jf-cell", state.sheet), at = cells.indexOf(cell);
    if (across) return cells[at + across];
    const here = cell.getBoundingClientRect(), middle = here.left + here.width / 2;
    let best = null, least = Infinity;
    for (const other of cells) {
      const there = other.getBoundingClientRect();
      const gap = down > 0 ? there.top - here.bottom : here.top - there.bottom;
      if (other === cell || gap < -6) continue;
      const aside = Math.max(0, there.left - middle, middle - there.right);
      const far = gap + 4 * aside;
      if (far < least) { least = far; best = other; }
    }
    return best;
  }
})();
