/** The theme: that of the system, light or dark. theme.js sets the kept one before the first paint. */
import { useState } from "./vendor/preact.js";

const KEY = "flowscript-theme";
export const THEMES = ["system", "light", "dark"];

/** The present theme, and a function that sets and keeps another. */
export function useTheme() {
  const [theme, setTheme] = useState(() => document.documentElement.dataset.theme ?? "system");
  const choose = (next) => {
    if (next === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // It counts until the page is left.
    }
    setTheme(next);
  };
  return [theme, choose];
}
