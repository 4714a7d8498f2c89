/** Parts of the tests of the form, from the files that the server sends. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";

const folder = new URL("forms/", import.meta.url);
const cases = readdirSync(folder).filter((name) => name.endsWith(".json")).flatMap((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")));

const REVIEW = {
  type: "object",
  required: ["verdict", "remarks"],
  properties: {
    verdict: { title: "Verdict", enum: ["approve", "reject"] },
    comment: { title: "Comment", type: "string", maxLength: 500 },
    secret: { title: "Secret", type: "string", format: "password" },
    remarks: { title: "Remarks", type: "array", minItems: 1, items: { type: "object", title: "Remark", required: ["text"], properties: { text: { title: "Text", type: "string", minLength: 1 } } } },
    tags: { title: "Tags", type: "array", items: { type: "string" } },
  },
};

const ask = (formSchema, more = {}) => ({ executionId: "e", tokenId: "t", nodeInfo: { formSchema, ...more } });
const valueOf = (tab) => tab.evaluate(() => form.value);
const focused = (tab) => tab.evaluate(() => {
  const element = form.shadowRoot.activeElement;
  return element && (element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent.replace("\u00a0*", "") ?? element.textContent);
});
const errorsOf = (tab) => tab.evaluate(() => [...form.shadowRoot.querySelectorAll(".error")].map(({ textContent }) => textContent).filter(Boolean));
const noticeOf = (tab) => tab.locator("[part=notice]").textContent();
const set = (tab, interaction) => tab.evaluate((asked) => (form.interaction = asked), interaction);

async function page(open, query = "") {
  const tab = await open(`/page/form.html${query}`);
  await tab.waitForFunction(() => window.ready);
  return tab;
}

export const forms = {
  /** Every form of the cases: the value, labels of all controls, and each violation beside its field, which has the focus. */
  async cases(open) {
    const tab = await page(open, "?small=1");
    for (const { name, schema, value, wrong } of cases) {
      const seen = await tab.evaluate((text) => {
        const [formSchema, given] = JSON.parse(text);
        form.interaction = { tokenId: crypto.randomUUID(), formSchema };
        form.value = given;
        const controls = [...form.shadowRoot.querySelectorAll("input, select, textarea, button")];
        const named = (control) => control.getAttribute("aria-label") || (control.labels?.length ? control.labels[0].textContent : control.textContent);
        const ids = controls.map(({ id }) => id).filter(Boolean);
        return { value: JSON.stringify(form.value), unnamed: controls.filter((control) => !control.hidden && !named(control)).map(({ outerHTML }) => outerHTML), same: ids.length - new Set(ids).size };
      }, JSON.stringify([schema, value]));
      seen.value = JSON.parse(seen.value);
      assert.deepEqual(seen, { value, unnamed: [], same: 0 }, name);
      for (const { value: given, at } of wrong) {
        for (const path of at) {
          const shown = await tab.evaluate((text) => {
            const [formSchema, filled, where] = JSON.parse(text);
            form.interaction = { tokenId: crypto.randomUUID(), formSchema };
            form.value = filled;
            form.violations = [{ path: where, keyword: "server", message: "is wrong" }];
            const [error, ...others] = [...form.shadowRoot.querySelectorAll(".error")].filter(({ textContent }) => textContent === "is wrong");
            const active = form.shadowRoot.activeElement;
            const bound = error && (error.tagName === "UL" || [...form.shadowRoot.querySelectorAll("[aria-describedby]")].some((one) => one.getAttribute("aria-describedby").split(" ").includes(error.id)));
            return { error: Boolean(error) && others.length === 0, bound, focus: error?.tagName === "UL" || Boolean(active && error?.parentElement.contains(active)), summary: form.shadowRoot.querySelector("[part=summary]").textContent };
          }, JSON.stringify([schema, given, path]));
          assert.deepEqual(shown, { error: true, bound: true, focus: true, summary: "1 field needs your attention." }, `${name} ${path}`);
        }
      }
    }
  },

  /** By keyboard alone: fill in, add rows, reorder, remove, send. */
  async keyboard(open) {
    const tab = await page(open);
    // What is set before the element is in the page is there, too.
    await tab.evaluate((asked) => {
      form.remove();
      form.interaction = asked;
      window.early = form.value;
      document.body.append(form);
    }, ask(REVIEW));
    assert.deepEqual(await tab.evaluate(() => early), { remarks: [{}] });
    const keys = tab.keyboard;
    const tabTo = async (name) => {
      for (let i = 0; i < 40 && (await focused(tab)) !== name; i += 1) await keys.press("Tab");
      assert.equal(await focused(tab), name);
    };
    await keys.press("Tab");
    assert.equal(await focused(tab), "approve");
    await keys.press("ArrowDown");
    await tabTo("Comment");
    await keys.type("hello");
    await tabTo("Add to Remarks");
    await keys.press("Enter");
    assert.equal(await focused(tab), "Text", "a new row has the focus");
    await keys.type("second");
    assert.equal(await focused(tab), "Text", "typing keeps the focus");
    await tab.evaluate(() => form.shadowRoot.querySelectorAll(".row input")[0].focus());
    await keys.type("first");
    await tabTo("Move Remark 1 down");
    await keys.press("Enter");
    assert.deepEqual((await valueOf(tab)).remarks, [{ text: "second" }, { text: "first" }]);
    assert.equal(await focused(tab), "Move Remark 2 up", "the focus goes with the row");
    assert.equal(await tab.locator("[part=hidden]").textContent(), "Item 1 is now item 2");
    await keys.press("Enter");
    assert.deepEqual((await valueOf(tab)).remarks, [{ text: "first" }, { text: "second" }]);
    await tabTo("Remove Remark 1");
    await keys.press("Enter");
    assert.deepEqual(await valueOf(tab), { verdict: "reject", comment: "hello", remarks: [{ text: "second" }] });
    assert.equal(await focused(tab), "Remove Remark 1");
    await tabTo("Send");
    await keys.press("Enter");
    assert.deepEqual(await tab.evaluate(() => heard.filter(([type]) => type === "submit")), [["submit", { verdict: "reject", comment: "hello", remarks: [{ text: "second" }] }]]);
  },

  /** What was typed survives a reload, a form that is set again, a corrected form, and a refusal; a password is not stored. */
  async drafts(open) {
    const tab = await page(open, "?draft=d1");
    await set(tab, ask(REVIEW));
    await tab.getByLabel("Comment").fill("kept");
    await tab.getByLabel("Secret").fill("hush");
    await tab.getByRole("button", { name: "Add to Remarks" }).click();
    await tab.getByLabel("Text").first().fill("one");
    await tab.getByLabel("Text").nth(1).fill("two");
    await set(tab, ask(REVIEW));
    assert.equal((await valueOf(tab)).secret, "hush");
    const corrected = structuredClone(REVIEW);
    corrected.properties.comment.maxLength = 20;
    corrected.properties.amount = { type: "number", title: "Amount" };
    delete corrected.properties.tags;
    await tab.getByLabel("Comment").focus();
    await set(tab, ask(corrected, { defaultValues: { comment: "default", amount: 5 } }));
    assert.deepEqual(await valueOf(tab), { comment: "kept", secret: "hush", remarks: [{ text: "one" }, { text: "two" }], amount: 5 });
    await tab.reload();
    await tab.waitForFunction(() => window.ready);
    assert.equal(await tab.evaluate(() => Object.values(sessionStorage).join().includes("hush")), false, "a password is not stored");
    await set(tab, ask(corrected));
    assert.deepEqual(await valueOf(tab), { comment: "kept", remarks: [{ text: "one" }, { text: "two" }], amount: 5 });
    assert.equal(await tab.getByLabel("Text").nth(1).inputValue(), "two");
    // It is bounded: too long a text is kept by the page, not by the storage.
    await tab.getByLabel("Comment").fill("x".repeat(300_000));
    await tab.waitForFunction(() => !sessionStorage.getItem("flowscript-form d1"));
    assert.equal((await valueOf(tab)).comment.length, 300_000);
    // Another question begins anew.
    await tab.evaluate(() => (form.draftKey = "d2"));
    await set(tab, { ...ask(REVIEW), tokenId: "t2" });
    assert.deepEqual(await valueOf(tab), { remarks: [{}] }, "a list that needs a row has one");
    // Files are forgotten first.
    await set(tab, { ...ask({ type: "object", properties: { note: { type: "string", title: "Note" }, file: { type: "string", format: "data-url", title: "File" }, bytes: { type: "string", contentEncoding: "base64", title: "Bytes" } } }), tokenId: "t3" });
    await tab.getByLabel("File").setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.alloc(400_000, "a") });
    await tab.getByLabel("Bytes").setInputFiles({ name: "b.bin", mimeType: "application/octet-stream", buffer: Buffer.from("hello") });
    await tab.getByLabel("Note").fill("short");
    await tab.waitForFunction(() => form.value.bytes && form.value.file);
    const value = await valueOf(tab);
    assert.equal(value.bytes, "aGVsbG8=");
    assert.match(value.file, /^data:text\/plain;base64,YWFh/);
    await tab.waitForFunction(() => sessionStorage.getItem("flowscript-form d2")?.includes("short"));
    await tab.getByLabel("File").setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.alloc(600_000, "a") });
    await tab.evaluate(() => form.submit());
    assert.deepEqual(await errorsOf(tab), ["must have at most 512 KB"]);
  },

  /** Kinds of fields as they are typed: alternatives, conditions, long lists, dates, free fields, check boxes, German. */
  async kinds(open) {
    const tab = await page(open);
    const schema = {
      type: "object",
      required: ["pay", "country"],
      properties: {
        country: { title: "Country", enum: Array.from({ length: 500 }, (_, i) => `Land ${i}`) },
        pay: { title: "Payment", oneOf: [
          { title: "Card", type: "object", required: ["kind", "number"], properties: { kind: { const: "card" }, number: { title: "Number", type: "string" } } },
          { title: "Bank", type: "object", required: ["kind", "iban"], properties: { kind: { const: "bank" }, iban: { title: "IBAN", type: "string" } } }] },
        gift: { title: "A gift", type: "boolean" },
        at: { title: "When", type: "string", format: "date-time" },
        amount: { title: "Amount", type: "number", minimum: 0, multipleOf: 0.01 },
        tags: { title: "Tags", type: "array", uniqueItems: true, items: { enum: ["a", "b", "c"] } },
        extra: { title: "Extra", type: "object", additionalProperties: { type: "integer" } },
        loose: { title: "Loose" },
      },
      if: { properties: { gift: { const: true } }, required: ["gift"] },
      then: { properties: { card: { title: "Greeting", type: "string", minLength: 1 } }, required: ["card"] },
    };
    await set(tab, ask(schema, { uiHints: { title: "Order", submitLabel: "Order now", other: "ignored" }, contextData: { customerName: "Ann", lines: [1, 2] } }));
    assert.equal(await tab.getByRole("heading").textContent(), "Order");
    assert.deepEqual(await tab.locator("dt, dd").allTextContents(), ["Customer name", "Ann", "Lines", "[\n 1,\n 2\n]"]);
    await tab.getByRole("searchbox", { name: "Filter Country" }).fill("d 49");
    assert.equal(await tab.getByLabel("Country", { exact: false }).locator("option").count(), 12, "those that match, and none");
    await tab.getByRole("combobox", { name: "Country" }).selectOption("Land 499");
    await tab.getByLabel("Number").fill("4000");
    await tab.getByLabel("Payment").selectOption("Bank");
    await tab.getByLabel("IBAN").fill("DE02");
    assert.deepEqual((await valueOf(tab)).pay, { kind: "bank", iban: "DE02" });
    await tab.getByLabel("Payment").selectOption("Card");
    assert.equal(await tab.getByLabel("Number").inputValue(), "4000", "the other alternative keeps its text");
    await tab.getByLabel("A gift").check();
    await tab.getByLabel("Greeting").fill("Hi");
    await tab.getByLabel("When").fill("2026-05-31T09:30");
    await tab.getByLabel("Amount").fill("12.50");
    assert.equal(await tab.getByLabel("Amount").inputValue(), "12.50", "a number stays as it was typed");
    await tab.getByLabel("b", { exact: true }).check();
    await tab.getByRole("button", { name: "Add to Extra" }).click();
    await tab.getByLabel("Name", { exact: true }).fill("weight");
    await tab.locator(".row.entry input[type=number]").fill("7");
    await tab.getByLabel("Loose").fill('{"x": [1]}');
    const { at, ...rest } = await valueOf(tab);
    assert.match(at, /^2026-05-31T09:30:00[+-]\d\d:\d\d$/);
    assert.deepEqual(rest, { country: "Land 499", pay: { kind: "card", number: "4000" }, gift: true, amount: 12.5, tags: ["b"], extra: { weight: 7 }, loose: { x: [1] }, card: "Hi" });
    await tab.getByLabel("A gift").uncheck();
    assert.equal((await valueOf(tab)).card, undefined);
    // Violations as JSON Pointers, and of what has no field.
    await tab.evaluate(() => (form.violations = [{ path: "/pay/number", keyword: "pattern", message: "must be longer" }, { path: "$.ghost", keyword: "x", message: "is unknown" }]));
    assert.deepEqual(await errorsOf(tab), ["ghost: is unknown", "must be longer"]);
    await tab.getByLabel("Number").fill("40001");
    assert.deepEqual(await errorsOf(tab), ["ghost: is unknown"], "an error goes when its field is changed");
    // Texts
    await tab.evaluate(() => {
      document.documentElement.lang = "de";
      form.texts = { keywords: { minimum: (limit) => `Nicht unter ${limit}!` } };
    });
    await tab.getByLabel("Amount").fill("-1");
    await tab.getByLabel("Number").fill("");
    await tab.getByRole("button", { name: "Order now" }).click();
    assert.deepEqual(await errorsOf(tab), ["wird benötigt", "Nicht unter 0!"]);
    assert.equal(await tab.locator("[part=summary]").textContent(), "2 Felder sind noch nicht richtig.");
    // The event can be stopped, and nothing is sent then.
    await tab.getByLabel("Amount").fill("1");
    await tab.getByLabel("Number").fill("1");
    await tab.evaluate(() => {
      window.sent = [];
      form.flow = { resume: async (...all) => (sent.push(all), { closes: true }) };
      form.addEventListener("submit", (event) => event.preventDefault(), { once: true });
      form.submit();
    });
    assert.equal(await tab.evaluate(() => sent.length), 0, "the page has stopped it");
    await tab.evaluate(() => {
      form.submit();
      form.submit();
    });
    assert.equal(await tab.evaluate(() => sent.length), 1, "one answer for a double click");
    assert.equal(await tab.evaluate(() => form.shadowRoot.querySelectorAll("[style], style, script").length), 0, "nothing inline");
    // What is empty is required, and not of a wrong type.
    await tab.evaluate(() => (document.documentElement.lang = "en"));
    await set(tab, { ...ask({ type: "integer" }), tokenId: "t2" });
    await tab.evaluate(() => form.submit());
    assert.deepEqual(await errorsOf(tab), ["is required"]);
    await set(tab, { ...ask({ type: "array", prefixItems: [{ type: "number", title: "X" }, { type: "number", title: "Y" }], items: false, minItems: 2 }), tokenId: "t3" });
    await tab.evaluate(() => form.submit());
    assert.deepEqual(await errorsOf(tab), ["is required", "is required"]);
  },

  /** Refusals and losses, told kindly, with what was typed still there. */
  async refusals(open) {
    const tab = await page(open, "?draft=r");
    await set(tab, ask({ type: "object", properties: { name: { title: "Name", type: "string" } } }, { contextData: { amount: 1 }, contextHash: "h1" }));
    await tab.getByLabel("Name").fill("Ann");
    await tab.evaluate(() => {
      window.sent = [];
      window.answers = [];
      form.flow = { resume: async (interaction, value, options) => { sent.push({ value, ...options }); return answers.shift()(); } };
      window.refuse = (code, data = {}, message = code) => answers.push(() => Promise.reject(Object.assign(new Error(message), { code, data })));
    });
    const send = async (code, data, message) => {
      const before = await tab.evaluate(() => heard.filter(([type]) => type !== "change").length);
      await tab.evaluate(([one, more, text]) => (one ? refuse(one, more, text) : answers.push(() => ({ closes: false }))), [code, data, message]);
      await tab.getByRole("button", { name: "Send" }).click();
      await tab.waitForFunction((count) => heard.filter(([type]) => type !== "change").length === count + 2, before);
    };
    await send("connection_lost", {}, "the connection was lost");
    assert.match(await noticeOf(tab), /connection was lost/);
    assert.equal(await tab.getByLabel("Name").inputValue(), "Ann");
    await send("stale", { contextData: { amount: 2 }, contextHash: "h2" });
    assert.match(await noticeOf(tab), /has changed meanwhile/);
    assert.deepEqual(await tab.locator("dd").allTextContents(), ["2"]);
    await send("validation_failed", { violations: [{ path: "$.name", keyword: "pattern", message: "must be longer" }] });
    assert.deepEqual(await errorsOf(tab), ["must be longer"]);
    assert.equal(await focused(tab), "Name");
    await send("forbidden");
    assert.match(await noticeOf(tab), /may not/);
    const sent = await tab.evaluate(() => sent);
    assert.equal(sent[0].id, sent[1].id, "the same answer after a loss is the same command");
    assert.notEqual(sent[1].id, sent[2].id);
    assert.deepEqual(sent.map(({ seen }) => seen), ["h1", "h1", "h2", "h2"]);
    // It is corrected while the form is open.
    const correct = (tokenId, amount, contextHash) => set(tab, { type: "human_interaction_revised", seq: 9, data: { executionId: "e", tokenId, contextData: { amount }, contextHash } });
    await correct("other", 99, "h99");
    assert.deepEqual(await tab.locator("dd").allTextContents(), ["2"], "the correction of another question is none of this one");
    await correct("t", 3, "h3");
    assert.match(await noticeOf(tab), /was corrected meanwhile/);
    assert.deepEqual(await tab.locator("dd").allTextContents(), ["3"]);
    assert.equal(await tab.getByLabel("Name").inputValue(), "Ann");
    await send("forbidden");
    const corrected = await tab.evaluate(() => sent.slice(-2));
    assert.equal(corrected[1].seen, "h3");
    assert.notEqual(corrected[0].id, corrected[1].id, "an answer to what was corrected is another command");
    await tab.waitForFunction(() => sessionStorage.getItem("flowscript-form r"));
    await send(null);
    assert.match(await noticeOf(tab), /More are needed/);
    assert.equal(await tab.evaluate(() => form.shadowRoot.activeElement.getAttribute("part")), "notice");
    assert.equal(await tab.getByRole("button", { name: "Send" }).count(), 0);
    assert.equal(await tab.evaluate(() => sessionStorage.getItem("flowscript-form r")), null, "what was sent is no draft");
    // The next question can be answered, under the same key.
    await set(tab, { ...ask({ type: "object", properties: { name: { title: "Name", type: "string" } } }), tokenId: "t2" });
    assert.equal(await noticeOf(tab), "");
    assert.deepEqual(await valueOf(tab), {});
    assert.equal(await tab.getByRole("button", { name: "Send" }).count(), 1);
    await tab.evaluate(() => (form.interaction = null));
    assert.equal(await tab.locator("form").isVisible(), false, "nothing is asked");
  },

  /** With the client and the engine: the server's violations beside their fields, then an answer that counts, and one that comes late. */
  async server(open, { told: [execution] }) {
    const tab = await page(open, `?execution=${execution}&small=1`);
    const late = await page(open, `?execution=${execution}`);
    await tab.getByLabel("Host").fill("-no-");
    await tab.getByLabel("Days").fill("3");
    await late.getByLabel("Host").fill("www.example.com");
    await late.getByLabel("Days").fill("9");
    await tab.getByRole("button", { name: "Go" }).click();
    await tab.locator("[aria-invalid=true]").waitFor();
    assert.deepEqual(await errorsOf(tab), ["must be a host name such as www.example.com"]);
    assert.equal(await focused(tab), "Host");
    await tab.getByLabel("Host").fill("a.example.com");
    await tab.getByRole("button", { name: "Go" }).click();
    await tab.getByText("Your answer counts.").waitFor();
    await late.getByRole("button", { name: "Go" }).click();
    await late.getByText(/This was answered before/).waitFor();
    assert.equal(await late.getByLabel("Days").inputValue(), "9", "what was typed is still there");
  },
};
