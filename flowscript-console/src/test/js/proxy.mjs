/** A proxy between pages and a server that can be unkind, for the tests. */
import { connect, createServer } from "node:net";

/** What asks for a WebSocket, and what asks for an answer that lasts. */
export const UPGRADE = /\r\nUpgrade: websocket\r\n/i;
export const EVENT_STREAM = /\r\nAccept: text\/event-stream\r\n/i;

const REFUSAL = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/**
 * Starts a proxy at a free port of this machine.
 *
 * @param to the address of the server
 * @param refused patterns of requests that the proxy refuses
 * @returns `base`, its own address; `refused` and `cuts`, how often it was unkind; `cutEach(millis)`, which resets all connections that
 *   often, or no more with 0; `close()`
 */
export async function startProxy(to, { refused = [] } = {}) {
  const target = new URL(to);
  const open = new Set();
  let timer = 0;
  const server = createServer((client) => {
    const upstream = connect({ host: target.hostname, port: Number(target.port) });
    for (const [socket, other] of [[client, upstream], [upstream, client]]) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => {}); // "close" follows
      socket.on("close", () => {
        open.delete(socket);
        other.destroy();
      });
    }
    client.on("data", (bytes) => {
      const request = bytes.toString("latin1");
      if (refused.some((pattern) => pattern.test(request))) {
        proxy.refused += 1;
        client.end(REFUSAL);
      } else {
        upstream.write(bytes);
      }
    });
    upstream.on("data", (bytes) => client.write(bytes));
  });
  const proxy = {
    base: "",
    refused: 0,
    cuts: 0,
    cutEach(millis) {
      clearInterval(timer);
      if (millis > 0) timer = setInterval(cut, millis);
    },
    close() {
      clearInterval(timer);
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
  function cut() {
    if (open.size > 0) proxy.cuts += 1;
    for (const socket of open) socket.resetAndDestroy();
  }
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  proxy.base = `http://${target.hostname}:${server.address().port}/`;
  return proxy;
}
