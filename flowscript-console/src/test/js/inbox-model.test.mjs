import assert from "node:assert/strict";
import { test } from "node:test";
import { changesOf, closedBy, firstTab, inOrder, isIn, quickOf, spokenPath, summaryOf, titleOf } from "../../main/web/inbox-model.js";

const ANN = { name: "ann", groups: ["managers"] };
const ask = (nodeInfo = {}, more = {}) => ({ executionId: "e", tokenId: "t", status: "open", seenBy: [], nodeInfo: { name: "approve", requestedAt: 1, ...nodeInfo }, ...more });
const decision = (more = {}, root = {}) => ({ name: "approve", formSchema: { type: "object", required: ["decision"], properties: { decision: { enum: ["approved", "rejected"], ...more }, comment: { type: "string" } }, ...root } });

test("A question is in the tabs of those whom it concerns", () => {
  const tabs = (item, who) => ["mine", "groups", "unassigned", "unseen", "all"].filter((tab) => isIn(tab, item, who));
  assert.deepEqual(tabs(ask({ assignees: ["ann"] }), ANN), ["mine", "unseen", "all"]);
  assert.deepEqual(tabs(ask({ groups: ["managers"] }, { seenBy: ["bob"] }), ANN), ["groups", "all"]);
  assert.deepEqual(tabs(ask({ groups: ["managers"] }, { status: "claimed", claim: { by: "ann", until: 9 } }), ANN), ["mine", "groups", "all"]);
  assert.deepEqual(tabs(ask(), ANN), ["unassigned", "unseen", "all"]);
  assert.deepEqual(tabs(ask({ assignees: ["ann"], groups: ["managers"] }), null), ["unseen", "all"]);
});

test("The first tab is the first that has something", () => {
  assert.equal(firstTab([ask({ groups: ["managers"] }), ask()], ANN), "groups");
  assert.equal(firstTab([ask({ assignees: ["bob"] })], ANN), "all");
  assert.equal(firstTab([], ANN), "mine");
  assert.equal(firstTab([], null), "all");
});

test("The most urgent is first, and then the oldest", () => {
  const [a, b, c] = [ask({ requestedAt: 1 }), ask({ requestedAt: 3, deadline: 50 }), ask({ requestedAt: 2 })];
  assert.deepEqual(inOrder([c, a, b]), [b, a, c]);
});

test("A form of one choice can be answered at once, with the labels of its hints", () => {
  const info = { ...decision(), uiHints: { options: [{ value: "approved", label: "Go ahead" }] } };
  assert.deepEqual(quickOf(info), [
    { label: "Go ahead", answer: { decision: "approved" }, approves: true },
    { label: "Rejected", answer: { decision: "rejected" }, approves: false },
  ]);
});

test("A form that needs more than one choice, has conditions, or is a vote is never answered at once", () => {
  assert.deepEqual(quickOf({ name: "x" }), []);
  assert.deepEqual(quickOf({ name: "x", formSchema: true }), []);
  assert.deepEqual(quickOf(decision({}, { required: ["decision", "comment"] })), []);
  assert.deepEqual(quickOf(decision({}, { if: {}, then: { required: ["comment"] } })), []);
  assert.deepEqual(quickOf(decision({}, { dependentRequired: { decision: ["comment"] } })), []);
  assert.deepEqual(quickOf(decision({ enum: [1, 2, 3, 4, 5] })), []);
  assert.deepEqual(quickOf({ ...decision(), quorum: { field: "decision", needed: { approved: 2 } } }), []);
});

test("A choice that only begins like an approval does not approve", () => {
  const approving = (...values) => quickOf(decision({ enum: values })).filter(({ approves }) => approves).map(({ label }) => label);
  assert.deepEqual(approving("disapproved", "unacceptable"), []);
  assert.deepEqual(approving("yesterday", "jacket"), []);
  assert.deepEqual(approving("yes", "no"), ["Yes"]);
  assert.deepEqual(approving("genehmigt", "abgelehnt"), ["Genehmigt"]);
});

test("What has changed is told by its place", () => {
  assert.deepEqual(changesOf({ price: 9, items: [{ name: "a" }], gone: 1 }, { price: 12, items: [{ name: "b" }], "new/one": true }), [
    { path: "/price", before: 9, after: 12 },
    { path: "/items/0/name", before: "a", after: "b" },
    { path: "/gone", before: 1 },
    { path: "/new~1one", after: true },
  ]);
  assert.deepEqual(changesOf({ a: [1] }, { a: [1] }), []);
  assert.equal(spokenPath("/items/0/unitPrice"), "Items › 1 › Unit price");
  assert.equal(changesOf({}, Object.fromEntries(Array.from({ length: 500 }, (_, index) => [index, 1]))).length, 100);
});

test("A title and a summary are made of what is there", () => {
  assert.equal(titleOf({ name: "askForInfo" }), "Ask for info");
  assert.equal(titleOf({ name: "x", formSchema: { title: "Form" }, uiHints: { title: "Hint" } }), "Hint");
  assert.deepEqual(summaryOf({ contextData: { a: { b: 1 }, unitPrice: 3, note: "", long: "x".repeat(100) } }).map(({ name, value }) => `${name} ${value.length}`), ["Unit price 1", "Long 60"]);
});

test("Who closed a question is the last who was received", () => {
  assert.deepEqual(closedBy({ history: [{ type: "human_interaction_received", by: "ann", at: 5 }] }), { by: "ann", at: 5 });
  assert.deepEqual(closedBy({ history: [], closedAt: 7 }), { by: undefined, at: 7 });
});
