import { afterEach, expect, test, vi } from "vitest";
import { copyText } from "./copyText.ts";

afterEach(() => void vi.unstubAllGlobals());

test("a page without a secure context has no clipboard: that is a result, not an exception", async () => {
  vi.stubGlobal("navigator", {});
  await expect(copyText("https://matepeak.example")).resolves.toBe(false);
});

test("a browser that refuses", async () => {
  vi.stubGlobal("navigator", { clipboard: { writeText: () => Promise.reject(new DOMException("No")) } });
  await expect(copyText("text")).resolves.toBe(false);
});

test("what is copied is what was given", async () => {
  const writeText = vi.fn(() => Promise.resolve());
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  await expect(copyText("text")).resolves.toBe(true);
  expect(writeText).toHaveBeenCalledWith("text");
});
