// Node.js servers of the load program, for the same commands as its Java servers: each line of the input is answered with one line.
//   node --expose-gc server.js ws|socket.io
'use strict';
const http = require('node:http');
const readline = require('node:readline');

const EXECUTION = 'load-execution';
const TEXT = 'the quick brown fox jumps over the lazy dog, '.repeat(2) + '~';
const AT_ONCE = 16;
const MOST_UNSENT_BYTES = 1 << 20;
const MOST_UNSENT_PACKETS = 1000;

const now = () => process.hrtime.bigint();
const turn = () => new Promise((resolve) => setImmediate(resolve));

const millisUntil = (due) => Number(due - now()) / 1e6;

function event(number, due) {
  return {
    type: 'load:progress',
    data: {
      executionId: EXECUTION,
      seq: number + 1,
      timestamp: new Date().toISOString(),
      nodeId: 'load-1',
      nodeName: 'load',
      payload: { n: number, at: Number(due), text: TEXT },
    },
  };
}

/** `ws`: each event is encoded once and sent to each client. */
function ws(server) {
  const { WebSocketServer } = require('ws');
  const sockets = new WebSocketServer({ server, path: '/ws', perMessageDeflate: false });
  const subscribed = new Set();
  sockets.on('connection', (socket) => {
    socket.on('error', () => {});
    socket.on('close', () => subscribed.delete(socket));
    socket.on('message', () => {
      subscribed.add(socket);
      socket.send('{"type":"execution_status"}');
    });
  });
  return {
    about: 'ws ' + require('ws/package.json').version,
    publish(number, due) {
      const bytes = Buffer.from(JSON.stringify(event(number, due)));
      for (const socket of subscribed) socket.send(bytes, { binary: false });
    },
    isBehind() {
      for (const socket of subscribed) if (socket.bufferedAmount > MOST_UNSENT_BYTES) return true;
      return false;
    },
  };
}

/** Socket.IO: a room, over WebSocket alone. */
function socketIo(server) {
  const { Server } = require('socket.io');
  const io = new Server(server, { transports: ['websocket'], serveClient: false });
  io.on('connection', (socket) => {
    socket.on('subscribe', (room) => {
      socket.join(room);
      socket.emit('subscribed', room);
    });
  });
  return {
    about: 'Socket.IO ' + require('socket.io/package.json').version,
    publish: (number, due) => io.to(EXECUTION).emit('event', event(number, due)),
    isBehind() {
      for (const socket of io.of('/').sockets.values()) {
        if (socket.conn.writeBuffer.length > MOST_UNSENT_PACKETS) return true;
      }
      return false;
    },
  };
}

async function burst(peer, events) {
  for (let i = 0; i < events; i++) {
    peer.publish(i, now());
    if (i % AT_ONCE === AT_ONCE - 1) {
      do await turn(); while (peer.isBehind());
    }
  }
}

/** Each event has a due time of its own, whenever the one before it was sent. */
async function pace(peer, perSecond, millis) {
  const begun = now();
  const count = Math.floor((perSecond * millis) / 1000);
  for (let i = 0; i < count; i++) {
    const due = begun + (BigInt(i) * 1000000000n) / BigInt(perSecond);
    for (let wait = millisUntil(due); wait > 0; wait = millisUntil(due)) {
      await new Promise((resolve) => setTimeout(resolve, wait)); // exact to a millisecond
    }
    peer.publish(i, due);
  }
}

function used() {
  global.gc();
  global.gc();
  return process.memoryUsage();
}

function answer(peer, [command, first, second]) {
  switch (command) {
    case 'burst': {
      const begun = now();
      setImmediate(() => burst(peer, Number(first)));
      return 'begun ' + begun;
    }
    case 'pace':
      pace(peer, Number(first), Number(second));
      return 'begun ' + now();
    case 'cpu': {
      const { user, system } = process.cpuUsage();
      return 'cpu ' + (user + system) * 1000;
    }
    case 'heap':
      return 'heap ' + used().heapUsed;
    case 'rss':
      return 'rss ' + used().rss;
    case 'about':
      return 'about ' + peer.about;
    default:
      throw new Error('There is no command ' + command);
  }
}

/** Answers the scenario: other lines of the output are for people. */
function say(line) {
  console.log('= ' + line);
}

const server = http.createServer();
const peer = process.argv[2] === 'ws' ? ws(server) : socketIo(server);
server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () => {
  say('port ' + server.address().port);
  const commands = readline.createInterface({ input: process.stdin });
  commands.on('line', (line) => (line === 'end' ? process.exit(0) : say(answer(peer, line.split(' ')))));
  commands.on('close', () => process.exit(0));
});
