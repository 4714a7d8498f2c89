/**
 * Notices that the server has another version of the page by now. The files of a version are in a folder of its name, and those of this
 * page went with it: what was not loaded yet cannot be loaded any more until the page is loaded again.
 */
const VERSION = new URL(".", import.meta.url).pathname.split("/").at(-2);
const NAMED = /"([0-9a-f]+)\/app\.js"/;

/** Whether the server's page names another version than this one. It does not while the server cannot be reached. */
export async function isOutdated() {
  try {
    const response = await fetch(location.pathname, { cache: "no-cache" });
    const [, now] = NAMED.exec(await response.text()) ?? [];
    return response.ok && now !== undefined && now !== VERSION;
  } catch {
    return false;
  }
}
