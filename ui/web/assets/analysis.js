// The page 分析: charts that can be clicked and are named for screen readers, and an address that follows the filters.
"use strict";
(() => {
  const jihe = (window.jihe = window.jihe || {});

  jihe.analysisAddress = (filters) => {
    const chosen = Object.entries(filters).filter(([, value]) => value);
    const query = new URLSearchParams(chosen).toString();
    history.replaceState(history.state, "", location.pathname + (query ? `?${query}` : ""));
  };

  // Gradio makes a plot anew for every value, so new ones are looked for whenever the page changes.
  const prepare = () => {
    for (const plot of document.querySelectorAll(".jh-chart .js-plotly-plot:not([data-jh-ready])")) {
      if (!plot.on) continue;
      plot.dataset.jhReady = "";
      const chart = plot.closest(".jh-chart");
      const words = chart.querySelector("[data-jh-says]");
      plot.setAttribute("role", "img");
      plot.setAttribute("aria-label", `${chart.querySelector("h2")?.textContent || ""}: ${words?.textContent || ""}`);
      const leads = (point) => typeof point?.customdata === "string" && /^\/[a-z]+\?/.test(point.customdata) && point.customdata;
      if (plot.data?.some((trace) => trace.customdata?.some(Boolean))) chart.classList.add("jh-clickable");
      plot.on("plotly_click", (event) => {
        const address = leads(event.points[0]);
        if (address) location.assign(address);
      });
    }
  };
  let waiting = false;
  new MutationObserver(() => {
    if (waiting || !document.querySelector(".jh-chart")) return;
    waiting = true;
    setTimeout(() => { waiting = false; prepare(); }, 100);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
