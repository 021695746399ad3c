// 导入: files are sent one after the other, and named to the server as they arrive; the list tells what becomes of them.
"use strict";
(() => {
  const jihe = (window.jihe = window.jihe || {});
  const COOKIE = "jihe-imports";
  const AT_ONCE = 2;
  const FLUSH_MILLISECONDS = 300;
  const FLUSH_FILES = 20;
  const HUSHED = /^(\.|~\$)/;
  let say = null;

  const random = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  const makeCookie = () => {
    if (document.cookie.split("; ").some((one) => one.startsWith(`${COOKIE}=`))) return;
    document.cookie = `${COOKIE}=${random()}; path=/; max-age=31536000; samesite=strict`;
  };

  // What the server renders anew keeps its focus and what was unfolded.
  const attach = (element, trigger, watch, sent, act) => {
    makeCookie();
    jihe.imports.say = say = { sent: (batch) => trigger(sent, batch), act: (what) => trigger(act, what) };
    let focus = null;
    const open = new Set();
    const key = (one) => (one && one.dataset.jhAct ? `[data-jh-act="${one.dataset.jhAct}"][data-jh-item="${one.dataset.jhItem}"]` : null);
    element.addEventListener("focusin", (event) => { focus = key(event.target); });
    element.addEventListener("pointerdown", () => { focus = null; });
    element.addEventListener("toggle", (event) => {
      const id = event.target.dataset.jhOpen;
      if (id) open[event.target.open ? "add" : "delete"](id);
    }, true);
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-jh-act]");
      if (!button) return;
      button.disabled = true;
      trigger(act, { act: button.dataset.jhAct, item: button.dataset.jhItem ? Number(button.dataset.jhItem) : null });
    });
    watch("value", () => {
      for (const details of element.querySelectorAll("details[data-jh-open]")) if (open.has(details.dataset.jhOpen)) details.open = true;
      if (focus && (document.activeElement === document.body || !document.activeElement)) {
        const next = element.querySelector(focus) || element.querySelector("[data-jh-act]");
        if (next) next.focus({ preventScroll: true });
      }
    });
  };

  // One upload of many files: its options, what is still to send, and what arrived but was not named to the server yet.
  class Upload {
    constructor(zone) {
      this.zone = zone;
      const chosen = zone.querySelector("input[name=jh-ocr]:checked");
      const model = zone.querySelector("[data-jh-model]");
      const budget = zone.querySelector("[data-jh-budget]");
      this.options = { batch: random(), ocr: chosen ? chosen.value : "auto", model: !!(model && model.checked), budget: budget ? budget.value.trim() : "" };
      this.waiting = [];
      this.bytes = 0; this.done = 0; this.files = 0; this.sent = 0;
      this.under = new Map();
      this.arrived = [];
      this.stopped = false;
      this.running = 0;
    }

    // sets: [{folder, files: [File]}]; a set without a folder is single files.
    add(sets, over) {
      if (over) this.name({ files: [], over });
      for (const set of sets) {
        const group = set.folder ? { folder: set.folder, left: set.files.length, files: [] } : null;
        for (const file of set.files) {
          this.files += 1;
          this.bytes += file.size;
          this.waiting.push({ file, group });
        }
      }
      this.show();
      while (this.running < AT_ONCE && this.waiting.length) this.next();
    }

    next() {
      const one = this.waiting.shift();
      if (!one) { this.end(); return; }
      this.running += 1;
      const over = (path) => {
        this.under.delete(one);
        this.running -= 1;
        this.done += 1;
        this.sent += one.file.size;
        this.arrive(one, path);
        this.show();
        this.next();
      };
      if (!one.file.size || one.file.size > Number(this.zone.dataset.fileBytes)) { setTimeout(() => over(one.file.size ? "" : null)); return; }
      const request = new XMLHttpRequest();
      one.request = request;
      request.upload.onprogress = (event) => { this.under.set(one, event.loaded); this.show(); };
      request.onload = () => over(request.status === 200 ? JSON.parse(request.responseText)[0] : "");
      request.onerror = request.onabort = () => over("");
      const form = new FormData();
      form.append("files", one.file, `${random()}.upload`);
      request.open("POST", "/gradio_api/upload");
      this.under.set(one, 0);
      request.send(form);
    }

    arrive(one, path) {
      if (this.stopped && !path) return;
      // An empty file cannot be sent; the server says so all the same.
      const told = { name: one.file.name, size: one.file.size, path: path || "" };
      if (one.group) {
        one.group.files.push(told);
        one.group.left -= 1;
        if (!one.group.left) this.name({ folder: one.group.folder, files: one.group.files });
        return;
      }
      this.arrived.push(told);
      clearTimeout(this.timer);
      if (this.arrived.length >= FLUSH_FILES) this.flush();
      else this.timer = setTimeout(() => this.flush(), FLUSH_MILLISECONDS);
    }

    flush() {
      clearTimeout(this.timer);
      if (this.arrived.length) this.name({ files: this.arrived.splice(0) });
    }

    name(batch) {
      // Gradio may still be making the list when the first file has arrived.
      if (say) say.sent({ ...this.options, ...batch });
      else setTimeout(() => this.name(batch), 100);
    }

    stop() {
      this.stopped = true;
      this.waiting = [];
      for (const one of [...this.under.keys()]) if (one.request) one.request.abort();
    }

    end() {
      if (this.running || this.waiting.length) return;
      this.flush();
      if (current === this) current = null;
      this.show();
    }

    show() {
      const bar = this.zone.querySelector(".jh-upload");
      bar.hidden = !current;
      const loaded = this.sent + [...this.under.values()].reduce((sum, bytes) => sum + bytes, 0);
      const percent = this.bytes ? Math.min(100, Math.floor((100 * loaded) / this.bytes)) : 0;
      bar.querySelector("progress").value = percent;
      bar.querySelector("[data-jh-upload-text]").textContent = this.zone.dataset.uploading
        .replace("{done}", this.done).replace("{all}", this.files).replace("{percent}", percent);
    }
  }

  let current = null;

  const suffix = (name) => (name.match(/\.[^.]+$/) || [""])[0].toLowerCase();

  // found: [{file, folder}] with the folder inside of what was dropped, "" for single files. From folders only documents are taken, and images
  // that lie in one folder together: whether they are pages of one document is for the server to say.
  const start = (zone, found) => {
    const known = new Set(zone.dataset.suffixes.split(" "));
    const images = new Set(zone.dataset.images.split(" "));
    const wanted = found.filter(({ file, folder }) => !folder || (known.has(suffix(file.name)) && !HUSHED.test(file.name)));
    if (!wanted.length) {
      const bar = zone.querySelector(".jh-upload");
      bar.hidden = false;
      bar.querySelector("[data-jh-upload-text]").textContent = zone.dataset.nothing;
      return;
    }
    const most = Number(zone.dataset.files);
    const singles = { folder: "", files: [] };
    const folders = new Map();
    for (const { file, folder } of wanted.slice(0, most)) {
      if (!folder || !images.has(suffix(file.name))) { singles.files.push(file); continue; }
      if (!folders.has(folder)) folders.set(folder, { folder: folder.split("/").pop(), files: [] });
      folders.get(folder).files.push(file);
    }
    const sets = [singles];
    for (const set of folders.values()) {
      if (set.files.length > 1) sets.push(set);
      else singles.files.push(...set.files);
    }
    if (!current) current = new Upload(zone);
    current.add(sets, Math.max(0, wanted.length - most));
  };

  const walk = async (entry, folder, found) => {
    if (entry.isFile) {
      found.push({ file: await new Promise((good, bad) => entry.file(good, bad)), folder });
      return;
    }
    const inside = folder ? `${folder}/${entry.name}` : entry.name;
    const reader = entry.createReader();
    for (;;) {
      const entries = await new Promise((good, bad) => reader.readEntries(good, bad));
      if (!entries.length) return;
      for (const one of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) await walk(one, inside, found);
    }
  };

  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !input.matches("[data-jh-files], [data-jh-folder]")) return;
    const found = [...input.files].map((file) => ({ file, folder: (file.webkitRelativePath || "").split("/").slice(0, -1).join("/") }));
    start(input.closest("[data-jh-drop]"), found);
    input.value = "";
  });

  for (const name of ["dragenter", "dragover"])
    document.addEventListener(name, (event) => {
      const zone = document.querySelector("[data-jh-drop]");
      if (!zone || !event.dataTransfer || ![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      zone.classList.add("jh-over");
    });
  for (const name of ["dragleave", "drop"])
    document.addEventListener(name, (event) => {
      const zone = document.querySelector("[data-jh-drop]");
      if (zone && (name === "drop" || !event.relatedTarget)) zone.classList.remove("jh-over");
    });
  // Anywhere on the page will do: a file that misses the field would otherwise replace the page.
  document.addEventListener("drop", async (event) => {
    const zone = document.querySelector("[data-jh-drop]");
    if (!zone || !event.dataTransfer || !event.dataTransfer.files.length) return;
    event.preventDefault();
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry()).filter(Boolean);
    const plain = [...event.dataTransfer.files].map((file) => ({ file, folder: "" }));
    const found = [];
    for (const entry of entries) await walk(entry, "", found);
    start(zone, entries.length ? found : plain);
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-jh-upload-stop]") && current) current.stop();
  });
  window.addEventListener("beforeunload", (event) => {
    if (current) event.preventDefault();
  });

  jihe.imports = { attach };
})();
