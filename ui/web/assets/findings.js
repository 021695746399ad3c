// The list of findings: its links and filters change what is shown without loading the page anew; the address keeps pace.
"use strict";
(() => {
  const listing = () => document.querySelector("#jh-findings");
  let typing = 0;

  const ask = () => {
    const bridge = document.querySelector("#jh-findings-bridge");
    const detail = Object.fromEntries(new URLSearchParams(location.search));
    (bridge.querySelector(".prose") || bridge).dispatchEvent(new CustomEvent("jh-findings", { detail, bubbles: true }));
  };
  const go = (search, keep = false) => {
    history[keep ? "replaceState" : "pushState"](null, "", `/findings${search && search !== "?" ? search : ""}`);
    ask();
  };
  const submitted = (form, keep) => {
    const pairs = [...new FormData(form)].filter(([name, value]) => value && !(name === "sort" && value === "severity"));
    go(`?${new URLSearchParams(pairs)}`, keep);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("#jh-findings a");
    if (!link || link.hasAttribute("download") || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const to = new URL(link.href);
    if (to.pathname !== "/findings") return;
    event.preventDefault();
    go(to.search);
    if (link.rel) scrollTo({ top: 0 });
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".jp-filters")) return;
    event.preventDefault();
    submitted(event.target);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches?.(".jp-filters select")) submitted(event.target.form);
  });
  document.addEventListener("input", (event) => {
    if (!event.target.matches?.(".jp-filters [name=text]") || event.isComposing) return;
    clearTimeout(typing);
    typing = setTimeout(() => submitted(event.target.form, true), 350);
  });
  window.addEventListener("popstate", () => { if (listing()) ask(); });

  // What is typed survives the list being made anew around it.
  let held = null;
  document.addEventListener("focusin", (event) => {
    held = event.target.matches?.(".jp-filters input, .jp-filters select") ? event.target.name : event.target.closest?.("#jh-findings") ? null : held;
  });
  new MutationObserver(() => {
    if (!held || !listing() || (document.activeElement && document.activeElement !== document.body)) return;
    const field = listing().querySelector(`.jp-filters [name="${held}"]`);
    if (!field) return;
    field.focus();
    if (field.setSelectionRange) field.setSelectionRange(field.value.length, field.value.length);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
