/* Sets the theme that was chosen before the first paint. This is a classic script, so that the page never shows the other theme first. */
try {
  const theme = localStorage.getItem("flowscript-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Without storage, the theme is that of the system.
}
