import assert from "node:assert/strict";
import { test } from "node:test";

import { found, moved, searchUrl } from "../../static/js/region-search.js";

test("the question carries level and bounds of the field", () => {
  const dataset = { regionSearch: "/wilayah/cari/", levels: "district,village", under: "35.25" };
  assert.equal(
    searchUrl(dataset, "iker & geger"),
    "/wilayah/cari/?q=iker+%26+geger&tingkat=district%2Cvillage&dalam=35.25",
  );
  assert.equal(searchUrl({ regionSearch: "/wilayah/cari/", levels: "" }, "ö"), "/wilayah/cari/?q=%C3%B6");
});

test("arrow keys go round, other keys move nothing", () => {
  assert.equal(moved("ArrowDown", -1, 3), 0);
  assert.equal(moved("ArrowDown", 2, 3), 0);
  assert.equal(moved("ArrowUp", -1, 3), 2);
  assert.equal(moved("ArrowUp", 0, 3), 2);
  assert.equal(moved("ArrowUp", 2, 3), 1);
  assert.equal(moved("Enter", 0, 3), null);
  assert.equal(moved("ArrowDown", -1, 0), null);
});

test("the line below the field counts in words of the country", () => {
  assert.equal(found(0), "Tidak ada wilayah yang cocok.");
  assert.match(found(3), /^3 wilayah\. Pilih/);
  assert.match(found(20), /^20 wilayah teratas\. Pilih/);
});
