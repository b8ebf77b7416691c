// Runs before the first paint, so that a chosen theme never flashes. The key is shared with src/lib/theme.ts.
(() => {
  try {
    const theme = localStorage.getItem("matepeak.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is forbidden here: the system's scheme stays.
  }
})();
