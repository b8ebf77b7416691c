import { afterEach, beforeEach, expect, type MockInstance, vi } from "vitest";

let complaints: MockInstance;

// Anything written to console.error fails the test, even if every expectation holds.
beforeEach(() => {
  complaints = vi.spyOn(globalThis.console, "error");
});
afterEach(() => {
  const { calls } = complaints.mock;
  complaints.mockRestore();
  expect(calls).toEqual([]);
});
