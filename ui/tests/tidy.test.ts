/** The house rules of the interface, read from its sources. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";

const SRC = join(import.meta.dirname, "../src");
const sources = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => {
    const path = join(entry.parentPath, entry.name);
    const text = readFileSync(path, "utf8");
    const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(([, from]) => from ?? "");
    return { path: relative(SRC, path), text, imports };
  });

test("only_two_files_know_tauri", () => {
  const knowing = sources.filter(({ imports }) => imports.some((from) => from.startsWith("@tauri-apps")));
  expect(knowing.map(({ path }) => path).sort()).toEqual(["backend/bindings.gen.ts", "backend/client.ts"]);
});

test("the_bindings_are_read_by_the_client_alone", () => {
  const reading = sources.filter(({ imports }) => imports.some((from) => from.endsWith("bindings.gen")));
  expect(reading.map(({ path }) => path).sort()).toEqual(["backend/client.ts"]);
});

test("no_feature_imports_another", () => {
  for (const { path, imports } of sources.filter((one) => one.path.startsWith("features/"))) {
    const feature = path.split("/")[1];
    for (const from of imports.filter((one) => one.startsWith("."))) {
      const target = join(path, "..", from);
      if (target.startsWith("features/")) expect(target.split("/")[1], path).toBe(feature);
    }
  }
});

test("components_and_the_session_know_no_feature", () => {
  const below = sources.filter(({ path }) => /^(components|session|backend)\//.test(path));
  for (const { path, imports } of below) {
    expect(
      imports.filter((from) => /features\/|app\//.test(from)),
      path,
    ).toEqual([]);
  }
});

describe("nothing in the sources", () => {
  test.each([
    ["interprets HTML", /dangerouslySetInnerHTML|innerHTML|insertAdjacentHTML|document\.write/],
    ["speaks through a window of the browser's", /\b(alert|confirm|prompt)\(/],
    ["evaluates text", /\beval\(|new Function\(/],
    // A file of the app's own is no network: the licences that it ships with.
    [
      "says again what was put better",
      /Waking the model|Keep it here|pieces of text|the part that sees|of unknown cost/,
    ],
    ["calls the network", /\bfetch\((?!"\/notices\.txt"\))|XMLHttpRequest|WebSocket|EventSource|sendBeacon/],
  ])("%s", (_, pattern) => {
    expect(sources.filter(({ text }) => pattern.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

test("no_style_reaches_for_another_place", () => {
  const styles = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".css"));
  for (const name of styles) expect(readFileSync(join(SRC, name), "utf8"), name).not.toMatch(/https?:|\/\/[a-z]/);
});
