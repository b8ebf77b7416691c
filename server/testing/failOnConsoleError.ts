import { afterEach, beforeEach, expect, vi } from "vitest";

// What a program complains about is a finding, also when every expectation holds.
beforeEach(() => {
  vi.spyOn(console, "error");
});
afterEach(() => {
  const complaints = vi.mocked(console.error).mock.calls;
  vi.mocked(console.error).mockRestore();
  expect(complaints).toEqual([]);
});
