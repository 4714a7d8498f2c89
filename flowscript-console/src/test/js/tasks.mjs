/** How long the tasks of a page's main thread take, from a trace: in milliseconds of processor time, so that other work beside does not count. */

export const startTasks = (browser, page) => browser.startTracing(page, { categories: ["disabled-by-default-devtools.timeline"] });

/** Ends the trace. Returns the tasks in the order of their length, and the length that 99 of 100 have at most. */
export async function stopTasks(browser) {
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const main = traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(({ pid, tid }) => `${pid} ${tid}`);
  const tasks = traceEvents
    .filter(({ name, ph, pid, tid, tdur }) => name === "RunTask" && ph === "X" && tdur !== undefined && main.includes(`${pid} ${tid}`))
    .map(({ tdur }) => tdur / 1000)
    .sort((a, b) => a - b);
  return { tasks, p99: tasks[Math.floor(tasks.length * 0.99)] };
}
