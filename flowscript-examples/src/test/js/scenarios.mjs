/**
 * What a client of the first protocol does with a server, one scenario a run:
 *
 *     node scenarios.mjs SCENARIO http://localhost:PORT
 *
 * The server knows the workflows of src/test/resources/test-workflows. Ends with 0 when all went as such a client expects, else with 1 and a
 * message that says what did not.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import process from 'node:process';
import WebSocket from 'ws';
import { V1Client, V1Rest, describe } from './v1-client.mjs';

const WORKFLOW = 'v1-review';
const INPUT = { title: 'Spring', amount: 7 };
const REVIEW = { decision: 'publish', stars: 4 };
const CONFIRMATION = { sure: true };
const DAY_MILLIS = 24 * 60 * 60 * 1000;
const CROWD = 50;

/** The whole story of a run, as a client of the first protocol is told it: type, node, edge. */
const STORY = [
  'workflow_started',
  'node_started setData',
  'node_completed setData success',
  'node_started formInput',
  'workflow_paused',
  'human_interaction_required formInput',
  'workflow_resumed',
  'node_completed formInput submitted',
  'node_started formInput',
  'workflow_paused',
  'human_interaction_required formInput',
  'workflow_resumed',
  'node_completed formInput submitted',
  'node_started setFlag',
  'node_completed setFlag success',
  'workflow_completed',
];

const scenarios = {
  /** Subscribes, starts, sees, is asked, answers, sees the end. */
  async answers({ base, rest, client }) {
    const me = await client();
    assert.equal(me.messages[0].type, 'connected', '"connected" is the first thing that is said');
    assert.equal(typeof me.clientId, 'string');
    assert.ok(me.clientId.length > 0, 'connected should say who this client is');

    const executionId = await rest.execute(WORKFLOW, INPUT);
    await me.subscribe(executionId);
    await runToTheEnd(me, executionId);

    assert.deepEqual(story(me), STORY);
    assert.equal((await rest.get(`/executions/${executionId}/status`)).body.status, 'completed');
    assert.ok(me.messages.every((message) => message.type === 'connected' || message.data.executionId === executionId));
    assert.equal((await rest.get('/health')).body.status, 'ok');
    const { workflows } = (await rest.get('/workflows')).body;
    assert.ok(workflows.some((workflow) => workflow.id === WORKFLOW && workflow.name === 'Two questions'));
    assert.equal((await rest.post('/workflows/unheard-of/execute', {})).status, 404);
    assert.ok(base.startsWith('http'));
  },

  /** Subscribes under an id of its own, before anything has that id; the run may be as short as it likes. */
  async before({ rest, client }) {
    const me = await client();
    const executionId = `own-${randomUUID()}`;
    await me.subscribe(executionId);
    assert.deepEqual(me.events(), [], 'there is nothing to see yet');
    assert.equal(await rest.execute(WORKFLOW, INPUT, executionId), executionId);
    await runToTheEnd(me, executionId);
    assert.deepEqual(story(me), STORY);
    assert.equal((await rest.post(`/workflows/${WORKFLOW}/execute`, { executionId })).status, 409);
  },

  /** Comes when a question is open, and when all is over. */
  async late({ rest, client }) {
    const executionId = await rest.execute(WORKFLOW, INPUT);
    const first = await client();
    await first.subscribe(executionId);
    const question = await first.question();

    const second = await client();
    await second.subscribe(executionId);
    assert.deepEqual(await second.question(), question, 'a late client is shown the same form');
    const status = await second.next('execution_status');
    assert.equal(status.data.status, 'paused');
    assert.equal(status.data.workflowId, WORKFLOW);
    assert.equal(status.data.state.headline, 'Spring (7)');
    await runToTheEnd(second, executionId);
    assert.deepEqual(story(second), STORY);
    await first.end();
    assert.deepEqual(first.frames, second.frames, 'both were told the same');

    const last = await client();
    await last.subscribe(executionId);
    assert.equal((await last.end()).type, 'workflow_completed');
    assert.deepEqual(story(last), withoutQuestions(STORY), 'nobody is shown a form that is closed');
    assert.equal((await last.next('execution_status')).data.status, 'completed');
  },

  /** Is disconnected in the middle and comes back: what is answered is not asked again, what is open is. */
  async returns({ rest, client }) {
    const me = await client();
    const executionId = await rest.execute(WORKFLOW, INPUT);
    await me.subscribe(executionId);
    const first = await me.question();
    accepted(await me.resume(executionId, first.nodeId, REVIEW));
    const second = await me.question(2);
    const seenByThen = story(me);

    await me.disconnect();
    let from = me.messages.length;
    await me.connect();
    await me.next('connected', () => true, from);
    await me.next('subscribed', () => true, from);
    assert.deepEqual(await me.question(1, from), second, 'the form that is open is shown again');
    assert.deepEqual(story(me, from), withoutQuestions(seenByThen).concat('human_interaction_required formInput'));

    // While it is away, somebody else answers.
    await me.disconnect();
    const other = await client();
    await other.subscribe(executionId);
    accepted(await other.resume(executionId, second.nodeId, CONFIRMATION));
    await other.end();
    from = me.messages.length;
    await me.connect();
    const end = await me.end(from);
    assert.equal(end.type, 'workflow_completed');
    assert.deepEqual(end.data.finalState.confirmation, CONFIRMATION);
    assert.deepEqual(story(me, from), withoutQuestions(STORY), 'nobody is asked what is answered');
    refused(await me.resume(executionId, second.nodeId, CONFIRMATION), 'what is answered cannot be answered again');
  },

  /** Gives wrong answers, is told so, and gives the right one. */
  async corrects({ rest, client }) {
    const me = await client();
    const executionId = await rest.execute(WORKFLOW, INPUT);
    await me.subscribe(executionId);
    const { nodeId } = await me.question();
    const wrong = [
      { decision: 'burn', stars: 4 },
      { decision: 'publish', stars: 6 },
      { decision: 'publish', stars: 'four' },
      { decision: 'publish' },
      { decision: 'publish', stars: 4, more: 1 },
      {},
      [],
      'publish',
      0,
      false,
      null,
    ];
    for (const answer of wrong) {
      refused(await me.resume(executionId, nodeId, answer), `${JSON.stringify(answer)} breaks the form`);
    }
    refused(await me.resume(executionId, 'nobody-9', REVIEW), 'nobody of that name asks');
    refused(await me.resume('unheard-of', nodeId, REVIEW), 'there is no such execution');
    assert.equal((await rest.get(`/executions/${executionId}/status`)).body.status, 'paused');
    await runToTheEnd(me, executionId);
    assert.deepEqual(story(me), STORY, 'wrong answers leave no trace in the story');
  },

  /** Answers with all that other programs take for nothing. */
  async falsy({ rest, client }) {
    const answers = [false, 0, '', null, []];
    const me = await client();
    const executionId = await rest.execute('anything', {});
    await me.subscribe(executionId);
    for (const [index, answer] of answers.entries()) {
      const { nodeId } = await me.question(index + 1);
      accepted(await me.resume(executionId, nodeId, answer));
    }
    const end = await me.end();
    assert.deepEqual(end.data.finalState.answers, answers);
    const resumed = me.events().filter((event) => event.type === 'workflow_resumed');
    assert.deepEqual(resumed.map((event) => event.data.data), answers);
  },

  /** Is told when it was too slow; what it says then does not count. */
  async slow({ rest, client }) {
    const me = await client();
    const executionId = `slow-${randomUUID()}`;
    await me.subscribe(executionId);
    await rest.execute('impatient', {}, executionId);
    const { nodeId, nodeInfo } = await me.question();
    assert.equal(nodeInfo.timeout, 100);
    const { data } = await me.next('human_interaction_timeout');
    assert.equal(data.nodeId, nodeId, 'such a client closes the form by its nodeId');
    assert.equal(typeof data.reason, 'string');
    const end = await me.end();
    refused(await me.resume(executionId, nodeId, 'here it is'), 'too late');
    assert.deepEqual(end.data.finalState, { answer: 'none' });
    assert.deepEqual(story(me), [
      'workflow_started',
      'node_started formInput',
      'workflow_paused',
      'human_interaction_required formInput',
      'human_interaction_timeout',
      'workflow_resumed',
      'node_completed formInput timeout',
      'node_started setData',
      'node_completed setData success',
      'workflow_completed',
    ]);
  },

  /** Sees a cancellation as a failure, which is what such a client knows. */
  async cancelled({ rest, client }) {
    const me = await client();
    const executionId = await rest.execute(WORKFLOW, INPUT);
    await me.subscribe(executionId);
    const { nodeId } = await me.question();
    assert.equal((await rest.post(`/executions/${executionId}/cancel`, { reason: 'no longer needed' })).status, 200);
    const end = await me.end();
    assert.equal(end.type, 'workflow_failed');
    assert.equal(typeof end.data.error, 'string');
    assert.ok(end.data.error.length > 0, 'such a client shows the error as text');
    assert.ok(!me.unknown.has('workflow_cancelled'), 'such a client must not be told it twice, in two ways');
    refused(await me.resume(executionId, nodeId, REVIEW), 'what is cancelled cannot be answered');

    const late = await client();
    await late.subscribe(executionId);
    assert.deepEqual((await late.end()).data, end.data);
    assert.deepEqual(late.events().filter((event) => event.type === 'human_interaction_required'), []);
  },

  /** Many look on, and all answer at once: all see the same, one answer counts. */
  async crowd({ rest, client }) {
    const executionId = `crowd-${randomUUID()}`;
    const join = async (count) => {
      const joined = await Promise.all(Array.from({ length: count }, () => client()));
      await Promise.all(joined.map((one) => one.subscribe(executionId)));
      return joined;
    };
    const early = await join(20);
    await rest.execute(WORKFLOW, INPUT, executionId);
    const { nodeId } = await early[0].question();
    const middle = await join(15);
    await Promise.all(middle.map((one) => one.question()));
    accepted(await early[7].resume(executionId, nodeId, REVIEW));
    const second = await early[0].question(2);
    const late = await join(CROWD - early.length - middle.length);
    const everybody = [...early, ...middle, ...late];
    assert.equal(everybody.length, CROWD);
    await Promise.all(late.map((one) => one.question()));
    await Promise.all([...early, ...middle].map((one) => one.question(2)));

    const replies = await Promise.all(everybody.map((one) => one.resume(executionId, second.nodeId, CONFIRMATION)));
    assert.equal(replies.filter((reply) => reply.type === 'resume_success').length, 1, 'exactly one answer counts');
    await Promise.all(everybody.map((one) => one.end()));

    assert.deepEqual(story(early[0]), STORY);
    for (const one of [...early, ...middle]) {
      assert.deepEqual(one.frames, early[0].frames, 'whoever saw it all was sent the same bytes');
    }
    const closedByThen = early[0].frames.filter((frame) => {
      const { type, data } = JSON.parse(frame);
      return !(type.startsWith('human_interaction_') && data.nodeId === nodeId);
    });
    for (const one of late) {
      assert.deepEqual(one.frames, closedByThen, 'who came late was sent the same, but for what became of the closed question');
    }
  },

  /** Talks as loosely as such clients do, and says things that are wrong: it is told, and the connection lives on. */
  async loose({ rest, client }) {
    const executionId = await rest.execute(WORKFLOW, INPUT);
    const me = await client({ eager: executionId });
    assert.equal((await me.next('subscribed')).data.executionId, executionId, 'sent before "connected" was seen');
    assert.equal(me.messages[0].type, 'connected', '"connected" is the first thing that is said');
    await me.question();

    const errors = () => me.messages.filter((message) => message.type === 'error').length;
    const nonsense = ['not JSON', '[]', '"subscribe"', '{}', '{"type":"dance","data":{}}', '{"type":"subscribe","data":{}}'];
    for (const text of nonsense) {
      const from = me.messages.length;
      me.sendRaw(text);
      const { data } = await me.next('error', () => true, from);
      assert.equal(typeof data.message, 'string');
      assert.ok(data.message.length > 0, `an error tells people what was wrong with ${text}`);
    }
    assert.equal(errors(), nonsense.length);
    me.sendRaw('{"type":"ping","data":{}}');
    await me.next('pong');
    await me.ping();
    me.sendRaw(JSON.stringify({ type: 'subscribe', data: { executionId, flavour: 'vanilla' }, mood: 'good' }));
    assert.equal(errors(), nonsense.length, 'what the server does not know, it ignores too');

    await me.unsubscribe(executionId);
    const seen = me.events().length;
    const other = await client();
    await other.subscribe(executionId);
    await runToTheEnd(other, executionId);
    await me.ping();
    assert.equal(me.events().length, seen, 'who has unsubscribed hears nothing more');
  },
};

/** Answers both questions as they come, and checks what a client is shown on the way. */
async function runToTheEnd(me, executionId) {
  const first = await me.question(1);
  assert.equal(first.executionId, executionId);
  assert.equal(typeof first.nodeId, 'string');
  assert.equal(first.nodeInfo.name, 'formInput');
  assert.deepEqual(first.nodeInfo.formSchema.required, ['decision', 'stars']);
  assert.deepEqual(first.nodeInfo.formSchema.properties.decision.enum, ['publish', 'discard']);
  assert.deepEqual(first.nodeInfo.contextData, { headline: 'Spring (7)', amount: 7 });
  accepted(await me.resume(executionId, first.nodeId, REVIEW));

  const second = await me.question(2);
  assert.notEqual(second.nodeId, first.nodeId, 'each question has an id of its own');
  assert.equal(second.nodeInfo.timeout, DAY_MILLIS, 'such a client counts milliseconds down');
  accepted(await me.resume(executionId, second.nodeId, CONFIRMATION));

  const end = await me.end();
  assert.equal(end.type, 'workflow_completed');
  assert.deepEqual(end.data.finalState, {
    ...INPUT,
    headline: 'Spring (7)',
    review: REVIEW,
    confirmation: CONFIRMATION,
    published: true,
  });
  const resumed = me.events().filter((event) => event.type === 'workflow_resumed');
  assert.deepEqual(resumed.map((event) => event.data.data), [REVIEW, CONFIRMATION]);
}

function accepted(reply) {
  assert.equal(reply.type, 'resume_success', reply.data.error);
}

function refused(reply, why) {
  assert.equal(reply.type, 'resume_error', why);
  assert.equal(typeof reply.data.error, 'string', why);
  assert.ok(reply.data.error.length > 0, why);
}

/** What a client was told, one line an event. */
function story(client, from = 0) {
  return client
    .events(from)
    .map(({ type, data }) => [type, data.nodeName ?? data.nodeInfo?.name, data.edge].filter((part) => part).join(' '));
}

function withoutQuestions(lines) {
  return lines.filter((line) => !line.startsWith('human_interaction_required'));
}

const [name, base] = process.argv.slice(2);
if (name === 'list') {
  Object.keys(scenarios).forEach((known) => console.log(known));
  process.exit(0);
}
if (!Object.hasOwn(scenarios, name ?? '') || base === undefined) {
  console.error(`node scenarios.mjs SCENARIO URL, with one of ${Object.keys(scenarios).join(', ')}`);
  process.exit(2);
}

const clients = [];
const open = async ({ eager } = {}) => {
  const number = clients.length + 1;
  const show = (message) => number <= 3 && console.log(`${number} < ${describe(message)}`);
  const client = new V1Client(base, WebSocket, show);
  clients.push(client);
  if (eager !== undefined) {
    client.subscribeOnOpen(eager);
  }
  await client.connect();
  await client.next('connected');
  return client;
};

let failed = false;
try {
  await scenarios[name]({ base, rest: new V1Rest(base), client: open });
  console.log(`${name}: as expected`);
} catch (error) {
  failed = true;
  console.error(`${name}: ${error.stack ?? error}`);
}
await Promise.all(clients.map((client) => client.disconnect()));
process.exit(failed ? 1 : 0);
