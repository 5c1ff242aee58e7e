// Light, dark, or as the system says; remembered where the browser allows it.
(() => {
  const root = document.documentElement;
  const button = document.getElementById("theme");
  const names = ["auto", "light", "dark"];
  let chosen = "auto";
  try { chosen = localStorage.getItem("fovea-theme") || "auto"; } catch { /* no storage here */ }
  const apply = () => {
    if (chosen === "auto") root.removeAttribute("data-theme");
    else root.dataset.theme = chosen;
    if (button) button.textContent = "Theme: " + chosen;
  };
  if (!names.includes(chosen)) chosen = "auto";
  apply();
  button?.addEventListener("click", () => {
    chosen = names[(names.indexOf(chosen) + 1) % names.length];
    try { localStorage.setItem("fovea-theme", chosen); } catch { /* no storage here */ }
    apply();
    document.dispatchEvent(new Event("themechange"));
  });
})();
