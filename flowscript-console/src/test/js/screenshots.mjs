/**
 * The pictures of the documentation: each view at three widths, light and dark. CONSOLE_PICTURES is another folder, with a slash at its
 * end, and CONSOLE_LOCALE another language, such as de-DE.
 */
import { mkdirSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

export const FOLDER = process.env.CONSOLE_PICTURES ?? fileURLToPath(new URL("../../../../docs/images/", import.meta.url));
export const LOCALE = process.env.CONSOLE_LOCALE ?? "en-US";
const SIZES = [[1440, 900], [820, 1100], [390, 844]];

const PURCHASES = [["Standing desk", 640], ["Coffee machine", 480], ["Whiteboard", 190], ["Two monitors", 720], ["Team event", 1250], ["Headphones", 160]];

/** Lets something happen for a while, so that the charts have something to show. */
async function busy(server, page, name) {
  for (let i = 0; i < 40; i += 1) {
    const beats = 1 + Math.round(3 + 3 * Math.sin(i / 5));
    await Promise.all(Array.from({ length: beats }, (_, beat) => server.start("import", `sync-${name}-${i}-${beat}`, { rows: i * 10 })));
    await page.waitForTimeout(350);
  }
}

export async function screenshots({ windows, server, as, act, until }) {
  mkdirSync(FOLDER, { recursive: true });
  for (let i = 0; i < 14; i += 1) await server.start("import", `import-2026-11-${String(i + 10)}`, { rows: 1200 + 37 * i, fails: i % 5 === 3 });
  await act("finishWork");
  for (const [item, price] of PURCHASES) await as("carl").start("purchase", `purchase-${item.replaceAll(" ", "-").toLowerCase()}`, { item, price, urgent: price > 600 });
  await server.start("journey", "journey-vienna");
  await server.start("journey", "journey-lisbon", { city: "Lisbon", traveller: "bob" });
  await server.start("journey", "journey-oslo", { city: "Oslo", traveller: "dora" });
  await as("dora").answer("journey-oslo", { days: 4, hotel: "Fjord Inn" });
  await as("bob").answer("purchase-headphones", { decision: "approved" });
  await until(async () => (await server.status("purchase-headphones")).status === "completed");

  const shots = SIZES.flatMap(([width, height]) => ["light", "dark"].map((theme) => ({ width, height, theme, locale: LOCALE })));
  const shoot = (page, view, { width, theme }) => page.screenshot({ path: `${FOLDER}console-${view}-${width}-${theme}.png`, animations: "disabled" });
  for (const shot of shots) {
    const page = await windows.open("ann", "", shot);
    await page.locator(".erow", { hasText: "journey-oslo" }).getByText("managers").waitFor();
    await shoot(page, "executions", shot);
    await page.goto(`${windows.base}console/#/executions?start=purchase`);
    await page.locator("flowscript-form").getByLabel("What is bought?").fill("Desk lamp");
    await shoot(page, "start", shot);
    await page.keyboard.press("Escape");
    await page.goto(`${windows.base}console/#/inbox?tab=all`);
    const entry = page.locator(".entry", { hasText: "Standing desk" });
    await entry.waitFor();
    if (shot.width < 500) await shoot(page, "inbox", shot);
    await entry.click();
    await page.locator("flowscript-form").getByLabel("Approved").waitFor();
    await shoot(page, shot.width < 500 ? "question" : "inbox", shot);
    await page.close();
  }
  for (const shot of shots) {
    const page = await windows.open("ann", "#/health", shot);
    await page.locator(".chart").nth(5).waitFor();
    await busy(server, page, shot.width + shot.theme);
    await shoot(page, "health", shot);
    await page.close();
  }
}
