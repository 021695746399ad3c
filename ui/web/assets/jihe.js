// What every page can do in the browser; pages add their own files beside this one.
"use strict";
(() => {
  const jihe = (window.jihe = window.jihe || {});

  // The switch of languages: the server and Gradio both look at this cookie.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-jh-language]");
    if (!button) return;
    document.cookie = `jihe-lang=${button.dataset.jhLanguage}; path=/; max-age=31536000; samesite=lax`;
    location.reload();
  });

  // Pages are light whatever the system prefers, as scans are light.
  new MutationObserver(() => document.body.classList.remove("dark")).observe(document.body, { attributeFilter: ["class"] });

  // A place on a page: <a data-jh-place='{"document": sha256, "page": 2, "box": [x0, y0, x1, y1], "title": "…", "form": "…", "cell": "…"}'>
  // opens the picture of the page at the box, whatever page of the app it stands on. Boxes are in points of the page.
  jihe.show = async (place) => {
    const dialog = document.querySelector("dialog.jh-viewer");
    const answer = await fetch(`/jihe/places/${place.document}/${place.page}`);
    const page = await answer.json();
    const close = document.createElement("button");
    close.type = "button";
    close.className = "jh-close";
    close.textContent = "✕";
    close.setAttribute("aria-label", document.documentElement.lang === "en" ? "Close" : "关闭");
    close.onclick = () => dialog.close();
    const title = document.createElement("h2");
    title.textContent = place.title || "";
    const head = document.createElement("div");
    head.className = "jh-viewer-head";
    head.append(title);
    if (place.form) {
      const link = document.createElement("a");
      link.href = `/form?id=${encodeURIComponent(place.form)}` + (place.cell ? `&cell=${encodeURIComponent(place.cell)}` : "");
      link.textContent = document.documentElement.lang === "en" ? "Open the form" : "打开这张表";
      head.append(link);
    }
    head.append(close);
    const body = document.createElement("div");
    body.className = "jh-viewer-body";
    if (page.picture) body.append(jihe.sheet(page, place.box ? [{ box: place.box, kind: "chosen" }] : []));
    else body.textContent = page.reason;
    dialog.replaceChildren(head, body);
    if (!dialog.open) dialog.showModal();
    const chosen = dialog.querySelector(".jh-box");
    if (chosen) setTimeout(() => chosen.scrollIntoView({ block: "center", inline: "center" }), 60);
  };

  // The picture of a page with boxes over it. page: {picture, width, height} in points; boxes: [{box, kind, cell, label}].
  jihe.sheet = (page, boxes) => {
    const sheet = document.createElement("div");
    sheet.className = "jh-sheet";
    sheet.style.aspectRatio = `${page.width} / ${page.height}`;
    const picture = document.createElement("img");
    picture.src = page.picture;
    picture.alt = page.title || "";
    sheet.append(picture);
    for (const one of boxes) {
      const [x0, y0, x1, y1] = one.box;
      const box = document.createElement(one.cell ? "button" : "div");
      if (one.cell) { box.type = "button"; box.dataset.cell = one.cell; box.setAttribute("aria-label", one.label || one.cell); box.title = one.label || ""; }
      box.className = `jh-box jh-${one.kind || "grounded"}`;
      Object.assign(box.style, {
        left: `${(100 * x0) / page.width}%`, top: `${(100 * y0) / page.height}%`,
        width: `${(100 * (x1 - x0)) / page.width}%`, height: `${(100 * (y1 - y0)) / page.height}%`,
      });
      sheet.append(box);
    }
    return sheet;
  };

  document.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-jh-place]");
    if (!chip) return;
    event.preventDefault();
    jihe.show(JSON.parse(chip.dataset.jhPlace));
  });
})();
