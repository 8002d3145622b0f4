/**
 * Makes one small script of the tablet's modules (KIOSK §14): npm run kios. declarations/kiosk_build.py finds it again.
 *
 * It lies in node_modules beside the tools that make it and is named after all it is made of: a machine that only
 * serves needs no node, and a script of yesterday's sources is never taken for today's.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MODULES = process.env.NODE_MODULES || `${ROOT}node_modules`;
const SOURCES = `${ROOT}static/js/kiosk/`;
const FOLDER = `${MODULES}/.kios`;
// What tablets of KIOSK §4 understand (Chromium 100, iPadOS 15.4); the unsafe ones hold for our own sources.
const COMPRESS = { passes: 3, hoist_funs: true, unsafe: true, unsafe_arrows: true, unsafe_methods: true, pure_getters: true };

/** The same sum as kiosk_build.digest(). */
function digest() {
  const modules = readdirSync(SOURCES).filter((name) => name.endsWith(".js")).sort();
  const files = [...modules.map((name) => SOURCES + name), `${ROOT}deploy/kios.js`, `${ROOT}package-lock.json`];
  const sum = createHash("sha256");
  files.forEach((file) => sum.update(readFileSync(file)));
  return sum.digest("hex").slice(0, 16);
}

async function make() {
  const require = createRequire(import.meta.url);
  const { rollup } = require(`${MODULES}/@rollup/wasm-node`);
  const { minify } = require(`${MODULES}/terser`);
  const modules = await rollup({
    input: `${SOURCES}main.js`,
    onwarn: (warning) => {
      throw new Error(warning.message); // a circle, a missing export
    },
  });
  const { output } = await modules.generate({ format: "es" });
  const { code } = await minify(output[0].code, { module: true, ecma: 2020, compress: COMPRESS });
  return code;
}

const file = `${FOLDER}/${digest()}.js`;
if (!existsSync(file)) {
  const code = await make();
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${file}.${process.pid}`, code);
  renameSync(`${file}.${process.pid}`, file); // whole or not at all, also when two make it at once
}
