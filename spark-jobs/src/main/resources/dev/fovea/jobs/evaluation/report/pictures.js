// The table of all pictures: sorted by its headings, filtered by name, dataset and ratio.
(() => {
  const data = JSON.parse(document.getElementById("report-data").textContent);
  const at = (id) => document.getElementById(id);
  const METRICS = [["PSNR, dB", 2], ["SSIM", 4], ["VIF", 4]], STEP = 50;
  const head = at("pictures-head"), body = at("pictures-body"), count = at("pictures-count"), more = at("pictures-more");
  const search = at("filter-name"), dataset = at("filter-dataset"), ratio = at("filter-ratio"), metric = at("filter-metric");
  const names = new Intl.Collator("en", { numeric: true });
  let limit = STEP, sort = null;

  const cell = (tag, text, className = "") => {
    const element = document.createElement(tag);
    element.textContent = text;
    if (className) element.className = className;
    return element;
  };
  const gain = (row, m) => row.figures[0][m] - row.figures[row.figures.length - 1][m];
  function columns() {
    const m = Number(metric.value), [title, digits] = METRICS[m], group = data.ratios[Number(ratio.value)];
    const all = [{ key: "name", title: "Picture", value: (row) => row.name, text: true }];
    if (data.datasets.length > 1) all.push({ key: "dataset", title: "Dataset", value: (row) => data.datasets[row.dataset], text: true });
    group.labels.forEach((label, i) => all.push({ key: "f" + i, title: `${label}, ${title}`, value: (row) => row.figures[i][m], digits, best: true }));
    if (group.labels.length > 1) all.push({ key: "gain", title: `${group.labels[0]} against bicubic`, value: (row) => gain(row, m), digits, sign: true, bar: true });
    return all;
  }
  function draw() {
    const all = columns(), m = Number(metric.value);
    if (!sort || !all.some((column) => column.key === sort.key)) {
      const last = all[all.length - 1];
      sort = last.key === "gain" ? { key: "gain", down: true } : { key: "name", down: false };
    }
    const by = all.find((column) => column.key === sort.key);
    const wanted = search.value.trim().toLowerCase();
    const rows = data.rows.filter((row) => row.ratio === Number(ratio.value) && (dataset.value === "" || row.dataset === Number(dataset.value)) && row.name.toLowerCase().includes(wanted));
    rows.sort((a, b) => {
      const x = by.value(a), y = by.value(b);
      return (by.text ? names.compare(x, y) : x - y) * (sort.down ? -1 : 1) || names.compare(a.name, b.name);
    });
    head.replaceChildren(cell("th", ""), ...all.map((column) => {
      const th = cell("th", "", column.text ? "" : "num");
      th.scope = "col";
      if (column.key === sort.key) th.setAttribute("aria-sort", sort.down ? "descending" : "ascending");
      const button = cell("button", column.title);
      button.type = "button";
      button.dataset.key = column.key;
      button.addEventListener("click", () => {
        sort = { key: column.key, down: sort.key === column.key ? !sort.down : !column.text };
        limit = STEP;
        draw();
        head.querySelector(`[data-key="${column.key}"]`).focus();
      });
      th.append(button);
      return th;
    }), cell("th", ""));
    head.firstChild.append(hidden("Thumbnail"));
    head.lastChild.append(hidden("Comparison"));
    const largest = Math.max(1e-9, ...data.rows.filter((row) => row.ratio === Number(ratio.value)).map((row) => Math.abs(gain(row, m))));
    body.replaceChildren(...rows.slice(0, limit).map((row) => line(row, all, largest)));
    count.textContent = rows.length === 0 ? "No picture matches" : `${Math.min(limit, rows.length)} of ${rows.length} pictures`;
    more.hidden = rows.length <= limit;
  }
  const hidden = (text) => cell("span", text, "visually-hidden");
  function line(row, all, largest) {
    const tr = document.createElement("tr"), thumb = document.createElement("td");
    thumb.className = "thumb";
    if (data.thumbs[row.file]) {
      const img = document.createElement("img");
      Object.assign(img, { src: data.thumbs[row.file], alt: "", loading: "lazy" });
      thumb.append(img);
    }
    tr.append(thumb);
    const figures = all.filter((column) => column.best), best = Math.max(...figures.map((column) => column.value(row)));
    for (const column of all) {
      const value = column.value(row);
      if (column.text) { tr.append(cell("td", value, column.key === "name" ? "name" : "")); continue; }
      const td = cell("td", (column.sign && value >= 0 ? "+" : "") + value.toFixed(column.digits).replace("-", "−"), "num");
      if (column.best && figures.length > 1 && value === best) { td.classList.add("best"); td.append(hidden(" best")); }
      if (column.bar) td.append(bar(value, largest));
      tr.append(td);
    }
    const last = document.createElement("td");
    if (row.shown >= 0) {
      const button = cell("button", "Compare", "button");
      button.type = "button";
      button.append(hidden(" " + row.name));
      button.addEventListener("click", () => document.dispatchEvent(new CustomEvent("showpicture", { detail: row.shown })));
      last.append(button);
    }
    tr.append(last);
    return tr;
  }
  function bar(value, largest) {
    const box = cell("span", "", "gainbar"), fill = document.createElement("i"), half = 50 * Math.abs(value) / largest;
    box.setAttribute("aria-hidden", "true");
    fill.className = value < 0 ? "minus" : "plus";
    fill.style.width = half + "%";
    fill.style.left = (value < 0 ? 50 - half : 50) + "%";
    box.append(fill);
    return box;
  }
  const restart = () => { limit = STEP; draw(); };
  search.addEventListener("input", restart);
  for (const each of [dataset, ratio, metric]) each.addEventListener("change", restart);
  ratio.value = String(Math.max(0, data.ratios.findIndex((each) => each.labels.length > 1)));
  more.addEventListener("click", () => { limit += STEP; draw(); });
  draw();
})();
