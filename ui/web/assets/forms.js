// The list of forms: only the rows in sight are in the page; parts of the list are fetched as they are scrolled to.
"use strict";
(() => {
  const AHEAD = 20;
  let list = null;

  class List {
    constructor(root) {
      this.root = root;
      this.form = root.querySelector(".jl-filters");
      this.scroller = root.querySelector(".jl-scroll");
      this.table = root.querySelector("table");
      this.body = root.querySelector("tbody");
      this.slice = Number(root.dataset.slice);
      this.query = new URLSearchParams(location.search);
      this.height = 37;
      this.start(Number(root.dataset.total), [...this.body.rows]);
      this.scroller.addEventListener("scroll", () => this.soon(), { passive: true });
      window.addEventListener("resize", () => this.soon());
      this.form.addEventListener("submit", (event) => { event.preventDefault(); this.asked(); });
      this.form.addEventListener("input", (event) => {
        clearTimeout(this.typing);
        this.typing = setTimeout(() => this.asked(), event.target.type === "search" ? 250 : 0);
      });
      this.form.querySelector(".jl-clear").addEventListener("click", () => {
        for (const field of this.form.elements) { if (field.type === "checkbox") field.checked = false; else field.value = ""; }
        this.asked();
      });
      this.table.tHead.addEventListener("click", (event) => {
        const button = event.target.closest("[data-sort]");
        if (button) this.sort(button.dataset.sort);
      });
      this.scroller.addEventListener("keydown", (event) => this.key(event));
    }

    start(total, rows) {
      this.total = total;
      this.rows = new Map(rows.map((row) => [Number(row.dataset.index), row]));
      this.fetching = new Map();
      if (rows[0]) this.height = rows[0].getBoundingClientRect().height || this.height;
      this.draw();
    }

    soon() {
      if (this.drawing) return;
      this.drawing = requestAnimationFrame(() => { this.drawing = 0; this.draw(); });
    }

    draw() {
      const top = Math.max(0, this.scroller.scrollTop);
      const first = Math.max(0, Math.floor(top / this.height) - AHEAD);
      const last = Math.min(this.total, Math.ceil((top + this.scroller.clientHeight) / this.height) + AHEAD);
      const focused = this.body.contains(document.activeElement) ? document.activeElement.closest("tr") : null;
      const shown = [];
      for (let index = first; index < last; index++) {
        const row = this.rows.get(index);
        shown.push(row || this.gap(this.height, index));
        if (!row) this.fetch(Math.floor(index / this.slice));
      }
      const before = this.gap(first * this.height), after = this.gap((this.total - last) * this.height);
      // A row that has the focus stays where it is: taking it out of the page would lose the keyboard's place.
      const same = shown.length === this.body.rows.length - 2 && shown.every((row, place) => this.body.rows[place + 1] === row);
      if (!same) this.body.replaceChildren(before, ...shown, after);
      else { this.body.rows[0].replaceWith(before); this.body.rows[this.body.rows.length - 1].replaceWith(after); }
      if (focused && focused.isConnected && !focused.contains(document.activeElement)) focused.querySelector("a").focus({ preventScroll: true });
    }

    gap(height, index) {
      const row = document.createElement("tr");
      row.className = index === undefined ? "jl-gap" : "jl-gap jl-coming";
      row.setAttribute("aria-hidden", "true");
      row.style.height = `${height}px`;
      const cell = document.createElement("td");
      // As many as there are columns to see: a cell that spans more would make the table keep room for them.
      cell.colSpan = [...this.table.tHead.rows[0].cells].filter((head) => head.offsetParent !== null).length || 1;
      row.append(cell);
      return row;
    }

    async fetch(part) {
      if (this.fetching.has(part)) return;
      this.fetching.set(part, true);
      const asked = this.rows;
      const query = new URLSearchParams(this.query);
      query.set("offset", part * this.slice);
      const answer = await fetch(`/jihe/forms/rows?${query}`).catch(() => null);
      if (asked !== this.rows) return;
      if (!answer || !answer.ok) { this.fetching.delete(part); this.say(this.root.dataset.failed); return; }
      const { total, rows } = await answer.json();
      if (asked !== this.rows) return;
      if (total !== this.total) { this.total = total; this.count(); }
      const holder = document.createElement("tbody");
      holder.innerHTML = rows;
      for (const row of [...holder.rows]) this.rows.set(Number(row.dataset.index), row);
      this.draw();
    }

    async asked() {
      const query = new URLSearchParams();
      for (const [name, value] of new FormData(this.form)) if (String(value).trim()) query.set(name, String(value).trim());
      for (const name of ["sort", "desc"]) if (this.query.has(name)) query.set(name, this.query.get(name));
      await this.show(query);
    }

    async sort(column) {
      const query = new URLSearchParams(this.query);
      const falling = ["project", "unit", "department", "grade"].includes(column) ? false : true;
      if (query.get("sort") !== column) { query.set("sort", column); if (falling) query.set("desc", "1"); else query.delete("desc"); }
      else if ((query.get("desc") === "1") === falling) { if (falling) query.delete("desc"); else query.set("desc", "1"); }
      else { query.delete("sort"); query.delete("desc"); }
      await this.show(query);
    }

    async show(query) {
      this.query = query;
      const text = query.toString();
      history.replaceState(history.state, "", text ? `?${text}` : location.pathname);
      for (const link of this.root.querySelectorAll("[data-format]")) link.href = `/jihe/forms.${link.dataset.format}?${text}`;
      for (const head of this.table.tHead.querySelectorAll("[data-sort]")) {
        const cell = head.closest("th");
        if (head.dataset.sort === query.get("sort")) cell.setAttribute("aria-sort", query.get("desc") ? "descending" : "ascending");
        else cell.removeAttribute("aria-sort");
      }
      const answer = await fetch(`/jihe/forms/rows?${text}`).catch(() => null);
      if (query !== this.query) return;
      if (!answer || !answer.ok) { this.say(this.root.dataset.failed); return; }
      const { total, rows } = await answer.json();
      const holder = document.createElement("tbody");
      holder.innerHTML = rows;
      this.scroller.scrollTop = 0;
      this.start(total, [...holder.rows]);
      this.count();
    }

    count() {
      this.root.querySelector(".jl-shown b").textContent = this.total;
      this.table.setAttribute("aria-rowcount", this.total);
      this.root.querySelector(".jl-none").hidden = this.total > 0;
    }

    say(text) { this.root.querySelector(".jl-shown").textContent = text; }

    key(event) {
      const row = event.target.closest("tbody tr");
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!row || !step) return;
      event.preventDefault();
      const next = Number(row.dataset.index) + step;
      const other = this.rows.get(next);
      if (!other) return;
      // Rows out of sight are not in the page: scroll there first, then go.
      const head = this.table.tHead.offsetHeight, top = next * this.height;
      if (top < this.scroller.scrollTop) this.scroller.scrollTop = top;
      else if (top + this.height + head > this.scroller.scrollTop + this.scroller.clientHeight) this.scroller.scrollTop = top + this.height + head - this.scroller.clientHeight;
      this.draw();
      other.querySelector("a").focus({ preventScroll: true });
    }
  }

  const look = () => {
    const root = document.querySelector(".jl");
    if (root && (!list || list.root !== root)) list = new List(root);
  };
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });

  // A click anywhere in a row opens its form, as long as no text is being selected.
  document.addEventListener("click", (event) => {
    const row = event.target.closest(".jl tbody tr");
    if (!row || event.target.closest("a") || String(getSelection())) return;
    const link = row.querySelector("a");
    if (link) link.click();
  });
})();
