// Draws the curves, and shows the samples of one evaluation at a time.
(() => {
  const data = JSON.parse(document.getElementById("run-data").textContent);
  const W = 380, H = 215, L = 62, R = 12, T = 10, B = 36;
  const make = (name, attributes, parent) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const key in attributes) node.setAttribute(key, attributes[key]);
    parent?.append(node);
    return node;
  };
  const number = (value) => {
    const size = Math.abs(value);
    if (value === 0) return "0";
    if (size >= 1e6 || size < 1e-4) return value.toExponential(2);
    return value.toLocaleString("en", { maximumSignificantDigits: size >= 1000 ? 6 : 4 });
  };
  const span = (seconds) => {
    const h = Math.floor(seconds / 3600), m = Math.floor(seconds / 60) % 60, s = Math.round(seconds) % 60;
    return h ? h + " h " + m + " min" : m ? m + " min " + s + " s" : s + " s";
  };
  const axes = {
    step: { of: (c, i) => c.step[i], label: "optimiser steps", text: (v) => "step " + v.toLocaleString("en") },
    epoch: { of: (c, i) => c.epoch[i], label: "epochs", text: (v) => "epoch " + v.toLocaleString("en") },
    time: { of: (c, i) => (c.time[i] - data.begin) / 60, label: "minutes since the start", text: (v) => span(60 * v) },
  };
  const store = {
    read: (name, otherwise) => { try { return localStorage.getItem("fovea-" + name) ?? otherwise; } catch { return otherwise; } },
    write: (name, value) => { try { localStorage.setItem("fovea-" + name, value); } catch { /* no storage here */ } },
  };
  const smoothing = document.getElementById("smoothing");
  const shown = document.getElementById("smoothing-shown");
  const log = document.getElementById("log");
  const over = document.getElementById("over");
  // Few points are shown as they are, unless somebody has asked for something else.
  const long = Object.values(data.curves).some((curve) => curve.value.length > 60);
  smoothing.value = store.read("smoothing", long ? "0.6" : "0");
  log.checked = store.read("log", "false") === "true";
  over.value = store.read("over", "step");
  if (!axes[over.value]) over.value = "step";

  // Exponential mean without the pull of its first value, as TensorBoard's.
  const smooth = (values, weight) => {
    let last = 0, mass = 0;
    return values.map((value) => {
      last = last * weight + (1 - weight) * value;
      mass = mass * weight + (1 - weight);
      return last / mass;
    });
  };
  const nice = (low, high, count) => {
    const raw = (high - low) / count || 1;
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 2.5, 5, 10].map((f) => f * power).find((s) => s >= raw * 0.999);
    const ticks = [];
    for (let t = Math.ceil(low / step - 1e-9) * step; t <= high + step * 1e-9; t += step) ticks.push(Math.abs(t) < step * 1e-9 ? 0 : t);
    return ticks;
  };
  const decades = (low, high) => {
    const ticks = [];
    const from = Math.floor(Math.log10(low)), to = Math.ceil(Math.log10(high));
    const parts = to - from <= 2 ? [1, 2, 5] : [1];
    for (let e = from; e <= to; e++) for (const p of parts) {
      const t = p * 10 ** e;
      if (t >= low * 0.999 && t <= high * 1.001) ticks.push(t);
    }
    return ticks.length >= 2 ? ticks : [low, high];
  };

  const draw = (figure, curve) => {
    const svg = figure.querySelector("svg");
    const now = figure.querySelector(".now");
    svg.replaceChildren();
    const axis = axes[over.value];
    const weight = Number(smoothing.value);
    const xs = curve.value.map((_, i) => axis.of(curve, i));
    const logarithmic = log.checked && curve.value.every((v) => v > 0);
    const measured = figure.dataset.curve.startsWith("test/");
    const smoothed = weight > 0 && curve.value.length > 2 && !measured ? smooth(curve.value, weight) : curve.value;
    let [low, high] = [Math.min(...curve.value), Math.max(...curve.value)];
    if (low === high) { const pad = Math.abs(low) * 0.1 || 1; low -= logarithmic ? low * 0.1 : pad; high += pad; }
    else if (!logarithmic) { const pad = (high - low) * 0.06; low = low >= 0 && low - pad < 0 ? 0 : low - pad; high += pad; }
    let [first, last] = [Math.min(...xs), Math.max(...xs)];
    if (first === last) { first -= 1; last += 1; }
    const scale = (v) => (logarithmic ? Math.log10(v) : v);
    const x = (v) => L + ((v - first) / (last - first)) * (W - L - R);
    const y = (v) => H - B - ((scale(v) - scale(low)) / (scale(high) - scale(low))) * (H - T - B);
    for (const t of logarithmic ? decades(low, high) : nice(low, high, 4)) {
      make("path", { class: "grid", d: `M${L} ${y(t).toFixed(1)}H${W - R}` }, svg);
      make("text", { class: "tick end", x: L - 8, y: (y(t) + 4).toFixed(1) }, svg).textContent = number(t);
    }
    for (const t of nice(first, last, 5)) {
      if (over.value !== "time" && !Number.isInteger(t)) continue;
      make("text", { class: "tick mid", x: x(t).toFixed(1), y: H - 19 }, svg).textContent = t >= 1e4 ? number(t / 1000) + "k" : number(t);
    }
    make("text", { class: "tick mid", x: (L + W - R) / 2, y: H - 3 }, svg).textContent = axis.label;
    const path = (values) => values.map((v, i) => (i ? "L" : "M") + x(xs[i]).toFixed(1) + " " + y(v).toFixed(1)).join("");
    if (smoothed !== curve.value) make("path", { class: "raw", d: path(curve.value) }, svg);
    if (xs.length > 1) make("path", { class: "wash", d: path(smoothed) + `V${H - B}H${x(xs[0]).toFixed(1)}Z` }, svg);
    make("path", { class: "smooth", d: path(smoothed) }, svg);
    if (xs.length <= 40) xs.forEach((v, i) => make("circle", { class: "mark", cx: x(v).toFixed(1), cy: y(smoothed[i]).toFixed(1), r: 2.6 }, svg));
    const cross = make("path", { class: "cross", visibility: "hidden" }, svg);
    const hit = make("circle", { class: "hit", r: 4.5, visibility: "hidden" }, svg);
    let at = xs.length - 1;
    const tell = (index, pointing) => {
      at = index;
      const v = curve.value[at];
      now.textContent = number(v) + " at " + axis.text(xs[at]);
      svg.setAttribute("aria-valuetext", now.textContent);
      svg.setAttribute("aria-valuenow", at);
      svg.setAttribute("aria-valuemax", xs.length - 1);
      cross.setAttribute("visibility", pointing ? "visible" : "hidden");
      hit.setAttribute("visibility", pointing ? "visible" : "hidden");
      cross.setAttribute("d", `M${x(xs[at]).toFixed(1)} ${T}V${H - B}`);
      hit.setAttribute("cx", x(xs[at]).toFixed(1));
      hit.setAttribute("cy", y(v).toFixed(1));
    };
    tell(at, false);
    const point = (event) => {
      const box = svg.getBoundingClientRect();
      const value = first + ((((event.clientX - box.left) / box.width) * W - L) / (W - L - R)) * (last - first);
      let best = 0;
      xs.forEach((v, i) => { if (Math.abs(v - value) < Math.abs(xs[best] - value)) best = i; });
      tell(best, true);
    };
    svg.onpointermove = svg.onpointerdown = point;
    svg.onpointerleave = svg.onblur = () => tell(xs.length - 1, false);
    svg.onfocus = () => tell(at, true);
    svg.onkeydown = (event) => {
      const to = { ArrowLeft: at - 1, ArrowRight: at + 1, PageUp: at + 10, PageDown: at - 10, Home: 0, End: xs.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      tell(Math.max(0, Math.min(xs.length - 1, to)), true);
    };
  };

  const figures = [...document.querySelectorAll("figure.curve")];
  const redraw = () => {
    shown.textContent = Number(smoothing.value).toFixed(2);
    figures.forEach((figure) => draw(figure, data.curves[figure.dataset.curve]));
  };
  for (const [control, name] of [[smoothing, "smoothing"], [log, "log"], [over, "over"]]) {
    control.addEventListener("input", () => {
      store.write(name, control === log ? control.checked : control.value);
      redraw();
    });
  }
  redraw();

  const stepper = document.getElementById("evaluation");
  if (stepper) {
    const told = document.getElementById("evaluation-shown");
    const show = () => {
      const evaluation = data.samples[stepper.value];
      told.textContent = "step " + evaluation.step.toLocaleString("en");
      stepper.setAttribute("aria-valuetext", told.textContent);
      evaluation.pictures.forEach((picture, i) => {
        const image = document.getElementById("sample-" + i);
        if (image) {
          image.src = picture;
          image.alt = image.dataset.name + ": bicubic, the model after " + told.textContent + ", original, side by side";
        }
      });
    };
    stepper.addEventListener("input", show);
    show();
  }
})();
