import { afterEach, beforeEach, expect, type MockInstance, vi } from "vitest";

let complaints: MockInstance;

// What a program complains about is a finding, also when every expectation holds.
beforeEach(() => {
  complaints = vi.spyOn(globalThis.console, "error");
});
afterEach(() => {
  const { calls } = complaints.mock;
  complaints.mockRestore();
  expect(calls).toEqual([]);
});
