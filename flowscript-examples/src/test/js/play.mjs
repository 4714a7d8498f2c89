/**
 * A client of the first protocol plays a script and keeps what it was sent:
 *
 *     node play.mjs http://localhost:PORT SCRIPT.json FRAMES.txt
 *
 * The script names a workflow, its input, and the answer to each question. The frames of the events are written as
 * they came, one a line. Ends with 0 when the workflow came to its end.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import WebSocket from 'ws';
import { V1Client, V1Rest, describe } from './v1-client.mjs';

const [base, script, frames] = process.argv.slice(2);
const { workflow, input, steps } = JSON.parse(readFileSync(script, 'utf8'));
const client = new V1Client(base, WebSocket, (message) => console.log(`< ${describe(message)}`));
const executionId = `played-${randomUUID()}`;

await client.connect();
await client.subscribe(executionId);
await new V1Rest(base).execute(workflow, input, executionId);
for (const [index, { node, answer }] of steps.entries()) {
  const { nodeId, nodeInfo } = await client.question(index + 1);
  assert.equal(nodeInfo.name, node);
  const reply = await client.resume(executionId, nodeId, answer);
  assert.equal(reply.type, 'resume_success', reply.data.error);
}
const end = await client.end();
await client.disconnect();
writeFileSync(frames, client.frames.map((frame) => frame + '\n').join(''));
const written = readFileSync(script.replace(/json$/, 'events'), 'utf8');
assert.equal(end.type, written.includes('  workflow_failed ') ? 'workflow_failed' : 'workflow_completed', end.data.error);
