import assert from "node:assert/strict";
import { test } from "node:test";

import { asksForSearch } from "../../static/js/keys.js";

test("only with Ctrl or Cmd does a slash ask for the search field", () => {
  const press = (keys) => asksForSearch({ key: "/", ctrlKey: false, metaKey: false, altKey: false, ...keys });
  assert.ok(press({ ctrlKey: true }));
  assert.ok(press({ metaKey: true }));
  assert.ok(!press({}));
  assert.ok(!press({ ctrlKey: true, altKey: true }));
  assert.ok(!press({ ctrlKey: true, key: "a" }));
});
