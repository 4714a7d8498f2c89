import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { check, describe, fill, newNode, problems, valueOf } from "../../main/js/flowscript-form-model.js";

// The public JSON-Schema-Test-Suite, from Debian's package libtest-json-schema-acceptance-perl or a folder of its own.
const folder = process.env.JSON_SCHEMA_TEST_SUITE ?? "/usr/share/perl5/auto/share/dist/Test-JSON-Schema-Acceptance/tests";
const skip = existsSync(folder) || process.env.CI === "true" ? false : "the JSON-Schema-Test-Suite is not there (Debian's package libtest-json-schema-acceptance-perl)";

const DRAFTS = {
  "draft2020-12": "https://json-schema.org/draft/2020-12/schema",
  "draft2019-09": "https://json-schema.org/draft/2019-09/schema",
  draft7: "http://json-schema.org/draft-07/schema#",
  draft6: "http://json-schema.org/draft-06/schema#",
  draft4: "http://json-schema.org/draft-04/schema#",
};

/** Needs a description of a draft that is not in the schema. */
const ELSEWHERE = ["vocabulary.json"];

function* groups() {
  for (const [draft, $schema] of Object.entries(DRAFTS)) {
    for (const part of ["", "optional/format"]) {
      const where = join(folder, draft, part);
      if (!existsSync(where)) continue;
      for (const file of readdirSync(where).filter((name) => name.endsWith(".json") && !ELSEWHERE.includes(name))) {
        for (const { description, schema, tests } of JSON.parse(readFileSync(join(where, file), "utf8"))) {
          yield { name: `${draft}/${file}: ${description}`, schema: typeof schema === "object" ? { $schema, ...schema } : schema, tests };
        }
      }
    }
  }
}

test("Of the public test suite, no right value is refused by the form's own check, and every schema makes a form", { skip }, () => {
  let right = 0;
  for (const { name, schema, tests } of groups()) {
    for (const { description, data, valid } of tests) {
      const found = check(schema, data);
      if (valid) assert.deepEqual(found, [], `${name}: ${description}`);
      right += valid ? 1 : 0;
      const node = newNode();
      fill(node, data);
      const root = describe(schema, node);
      valueOf(root);
      problems(root);
    }
  }
  assert.ok(right > 3_000, `${right} right values`);
});
