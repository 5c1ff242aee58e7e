// The comparison: two versions of a picture under a divider, and the same part of all versions below.
// A view is the part of the original that is shown, in its pixels: all versions share it.
(() => {
  const data = JSON.parse(document.getElementById("report-data").textContent);
  const root = document.getElementById("compare");
  if (!root || data.shown.length === 0) return;
  const at = (id) => document.getElementById(id);
  const make = (tag, props = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), props);
    element.append(...children);
    return element;
  };
  const stage = at("stage"), canvas = at("stage-canvas"), divider = at("divider"), overview = at("overview");
  const zoomSlider = at("zoom"), same = at("same"), loading = at("loading");
  const RATIO = 3 / 2, CLOSEST = 24;
  let shown, left, right, split = 50, view, busy = 0, drawing = false;

  const image = (source, kind) => {
    const key = kind + "Image";
    if (!source[key]) {
      const made = (source[key] = new Image());
      const done = () => { if (kind === "full") busy--; draw(); };
      if (kind === "full") busy++;
      made.onload = done;
      made.onerror = () => { made.failed = true; done(); };
      made.src = source[kind];
    }
    return source[key];
  };
  const ready = (made) => made && made.complete && made.naturalWidth > 0;

  // The smallest view of the stage's shape around a part of the picture.
  const around = (x, y, w, h) => {
    const width = Math.max(w, h * RATIO), height = width / RATIO;
    return { x: x + w / 2 - width / 2, y: y + h / 2 - height / 2, w: width, h: height };
  };
  const whole = () => around(0, 0, shown.width, shown.height);
  // Whether what is seen of the picture stands in the page, so that nothing need be loaded.
  const insideWindow = () => {
    const [x, y, w, h] = shown.window, edge = 0.01;
    return Math.max(0, view.x) >= x - edge && Math.max(0, view.y) >= y - edge
      && Math.min(shown.width, view.x + view.w) <= x + w + edge && Math.min(shown.height, view.y + view.h) <= y + h + edge;
  };
  const limited = (value, low, high) => (low > high ? (low + high) / 2 : Math.min(high, Math.max(low, value)));
  function look(next) {
    const widest = whole().w, w = limited(next.w, Math.min(CLOSEST, widest), widest), h = w / RATIO;
    const cx = next.x + next.w / 2, cy = next.y + next.h / 2;
    view = { x: limited(cx - w / 2, 0, shown.width - w), y: limited(cy - h / 2, 0, shown.height - h), w, h };
    zoomSlider.value = String(Math.round(100 * Math.log(widest / w) / Math.log(widest / Math.min(CLOSEST, widest - 1))));
    zoomSlider.setAttribute("aria-valuetext", (widest / w).toFixed(1) + " times the whole picture");
    draw();
  }
  const zoom = (factor) => look({ x: view.x + view.w / 2 - view.w / factor / 2, y: view.y + view.h / 2 - view.h / factor / 2, w: view.w / factor, h: view.h / factor });
  const move = (dx, dy) => look({ ...view, x: view.x + dx, y: view.y + dy });

  function fit(target) {
    const box = target.getBoundingClientRect(), sharp = window.devicePixelRatio || 1;
    const w = Math.max(1, Math.round(box.width * sharp)), h = Math.max(1, Math.round(box.height * sharp));
    if (target.width !== w || target.height !== h) { target.width = w; target.height = h; }
    return target.getContext("2d");
  }
  // Draws the view of one version into a strip of a canvas, from x to x + w.
  function paint(context, source, fromX, width) {
    const { width: cw, height: ch } = context.canvas, scale = cw / view.w;
    context.save();
    context.beginPath();
    context.rect(fromX, 0, width, ch);
    context.clip();
    const put = (made, x, y, w, h) => {
      context.imageSmoothingEnabled = scale * w / made.naturalWidth < 1.4;
      context.imageSmoothingQuality = "high";
      context.drawImage(made, (x - view.x) * scale, (y - view.y) * scale, w * scale, h * scale);
    };
    const full = insideWindow() ? null : image(source, "full");
    if (ready(full)) put(full, 0, 0, shown.width, shown.height);
    else {
      const crop = image(source, "crop");
      if (ready(crop)) put(crop, ...shown.window);
    }
    context.restore();
  }
  function draw() {
    if (drawing || !shown) return;
    drawing = true;
    requestAnimationFrame(() => {
      drawing = false;
      const context = fit(canvas), edge = Math.round(canvas.width * split / 100);
      context.clearRect(0, 0, canvas.width, canvas.height);
      paint(context, shown.sources[left], 0, edge);
      paint(context, shown.sources[right], edge, canvas.width - edge);
      const text = [view.x, view.y, view.w, view.h].map((v) => v.toFixed(2)).join(",");
      stage.dataset.view = text;
      for (const each of same.querySelectorAll("canvas")) {
        const small = fit(each);
        small.clearRect(0, 0, each.width, each.height);
        paint(small, shown.sources[each.dataset.source], 0, each.width);
        each.dataset.view = text;
      }
      drawOverview();
      const failed = !insideWindow() && shown.sources.some((s) => s.fullImage?.failed);
      loading.hidden = busy === 0 && !failed;
      loading.textContent = failed ? "The whole pictures are not beside this page" : "Loading the whole pictures…";
    });
  }
  function drawOverview() {
    overview.style.aspectRatio = shown.width + " / " + shown.height;
    const context = fit(overview), { width: w, height: h } = overview, scale = w / shown.width;
    context.clearRect(0, 0, w, h);
    const thumb = shown.thumbImage;
    if (ready(thumb)) context.drawImage(thumb, 0, 0, w, h);
    context.fillStyle = "rgb(0 0 0 / .5)";
    const x = view.x * scale, y = view.y * scale, vw = view.w * scale, vh = view.h * scale;
    context.beginPath();
    context.rect(0, 0, w, h);
    context.rect(x, y, vw, vh);
    context.fill("evenodd");
    context.strokeStyle = "#fff";
    context.lineWidth = 2 * (window.devicePixelRatio || 1);
    context.strokeRect(x, y, vw, vh);
  }

  const psnr = (source) => (source.figures ? " " + source.figures[0].toFixed(2) + " dB" : "");
  function divide(percent) {
    split = limited(percent, 0, 100);
    divider.style.left = split + "%";
    divider.setAttribute("aria-valuenow", String(Math.round(split)));
    divider.setAttribute("aria-valuetext", `${Math.round(split)} % ${shown.sources[left].label}, ${Math.round(100 - split)} % ${shown.sources[right].label}`);
    at("tag-left").style.visibility = split < 8 ? "hidden" : "";
    at("tag-right").style.visibility = split > 92 ? "hidden" : "";
    draw();
  }
  function pick() {
    for (const [side, chosen] of [["left", left], ["right", right]]) {
      at("tag-" + side).textContent = shown.sources[chosen].label + psnr(shown.sources[chosen]);
      at("pick-" + side).replaceChildren(...shown.sources.map((source, i) => {
        const button = make("button", { type: "button", className: "button", textContent: source.label, title: source.label });
        button.setAttribute("aria-pressed", String(i === chosen));
        button.addEventListener("click", () => {
          if (side === "left") left = i; else right = i;
          pick();
          at("pick-" + side).children[i].focus();
        });
        return button;
      }));
    }
    canvas.setAttribute("aria-label", `${shown.name}: ${shown.sources[left].label} on the left, ${shown.sources[right].label} on the right`);
    divide(split);
  }
  function choose(index) {
    shown = data.shown[index];
    [...at("film").children].forEach((button, i) => button.setAttribute("aria-pressed", String(i === index)));
    const kind = (name) => shown.sources.findIndex((source) => source.kind === name);
    left = kind("bicubic");
    right = kind("model") >= 0 ? kind("model") : kind("original");
    at("shown-name").textContent = shown.name;
    at("shown-why").textContent = `${shown.dataset}, ×${shown.ratio}, ${shown.width} × ${shown.height} pixels. ${shown.why}: ${shown.figure}.`;
    shown.thumbImage = new Image();
    shown.thumbImage.onload = draw;
    const thumb = data.thumbs[shown.file];
    if (thumb) shown.thumbImage.src = thumb;
    else if (!shown.thumbImage.src) shown.thumbImage = image(shown.sources[kind("original")], "crop");
    const scored = shown.sources.filter((source) => source.figures);
    const best = Math.max(...scored.map((source) => source.figures[0]));
    same.replaceChildren(...shown.sources.map((source, i) => {
      const small = make("canvas");
      small.dataset.source = String(i);
      small.setAttribute("role", "img");
      small.setAttribute("aria-label", "The same part of " + source.label);
      drag(small, (dx, dy) => { const k = view.w / small.clientWidth; move(-dx * k, -dy * k); });
      const title = make("b", { title: source.label }, make("span", { textContent: source.label }));
      const caption = make("figcaption", {}, title);
      if (source.figures) {
        caption.append(`${source.figures[0].toFixed(2)} dB · ${source.figures[1].toFixed(4)} · ${source.figures[2].toFixed(4)}`, make("br"));
        if (scored.length > 1 && source.figures[0] === best) title.append(make("span", { className: "star", textContent: "★ best" }));
      }
      caption.append(make("a", { href: source.full, textContent: "whole picture", target: "_blank", rel: "noopener" }));
      return make("figure", {}, small, caption);
    }));
    pick();
    look(around(...shown.window));
  }

  // Calls back with how far a pointer went since the last time; mouse, pen and finger alike.
  function drag(element, moved, began = () => {}) {
    let last = null;
    element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      last = [event.clientX, event.clientY];
      element.setPointerCapture(event.pointerId);
      began(event);
    });
    element.addEventListener("pointermove", (event) => {
      if (!last) return;
      moved(event.clientX - last[0], event.clientY - last[1], event);
      last = [event.clientX, event.clientY];
    });
    for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, () => { last = null; });
  }
  const toPointer = (event) => {
    const box = stage.getBoundingClientRect();
    divide(100 * (event.clientX - box.left) / box.width);
  };
  drag(stage, (dx, dy, event) => toPointer(event), toPointer);
  const lookAt = (event) => {
    const box = overview.getBoundingClientRect(), scale = shown.width / box.width;
    look({ ...view, x: (event.clientX - box.left) * scale - view.w / 2, y: (event.clientY - box.top) * scale - view.h / 2 });
  };
  drag(overview, (dx, dy, event) => lookAt(event), lookAt);

  divider.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: split - 2, ArrowDown: split - 2, ArrowRight: split + 2, ArrowUp: split + 2, PageDown: split - 10, PageUp: split + 10, Home: 0, End: 100 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    divide(to);
  });
  overview.addEventListener("keydown", (event) => {
    const step = view.w / 8;
    const act = { ArrowLeft: () => move(-step, 0), ArrowRight: () => move(step, 0), ArrowUp: () => move(0, -step), ArrowDown: () => move(0, step), "+": () => zoom(1.3), "=": () => zoom(1.3), "-": () => zoom(1 / 1.3) }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  stage.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2);
  }, { passive: false });
  zoomSlider.addEventListener("input", () => {
    const widest = whole().w, factor = Math.pow(widest / Math.min(CLOSEST, widest - 1), zoomSlider.value / 100);
    zoom(view.w * factor / widest);
  });
  at("zoom-in").addEventListener("click", () => zoom(1.4));
  at("zoom-out").addEventListener("click", () => zoom(1 / 1.4));
  at("zoom-whole").addEventListener("click", () => look(whole()));
  at("zoom-detail").addEventListener("click", () => look(around(...shown.window)));
  new ResizeObserver(draw).observe(stage);

  at("film").replaceChildren(...data.shown.map((each, i) => {
    const thumb = data.thumbs[each.file];
    const picture = thumb ? make("img", { src: thumb, alt: "", loading: "lazy" }) : make("div", { className: "blank" });
    const button = make("button", { type: "button" }, picture, make("b", { textContent: each.figure }), make("span", { textContent: each.why + ", ×" + each.ratio }), make("span", { textContent: each.name, title: each.name }));
    button.addEventListener("click", () => choose(i));
    return button;
  }));
  document.addEventListener("showpicture", (event) => { choose(event.detail); root.scrollIntoView(); });
  choose(0);
})();
