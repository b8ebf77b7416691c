import { expect, it, vi } from "vitest";
import { ApiProblem } from "./api.ts";
import { refreshIfRefused } from "./refreshIfRefused.ts";

it.each([400, 403, 404, 409, 412, 422, 429])("a refusal with %i refreshes the page", async (status) => {
  const refresh = vi.fn();
  const refusal = new ApiProblem("unexpected", { status, detail: "No." });
  await expect(refreshIfRefused(Promise.reject(refusal), refresh)).rejects.toBe(refusal);
  expect(refresh).toHaveBeenCalledOnce();
});

it.each([
  ["no response", new ApiProblem("network", { status: 0, detail: "Offline." })],
  ["a failure of the server", new ApiProblem("internal", { status: 500, detail: "Sorry." })],
  ["a defect", new TypeError("Not a function.")],
])("%s does not (twin): the page is no more out of date than before", async (_what, failure) => {
  const refresh = vi.fn();
  await expect(refreshIfRefused(Promise.reject(failure), refresh)).rejects.toBe(failure);
  expect(refresh).not.toHaveBeenCalled();
});

it("a successful step returns its result without a refresh", async () => {
  const refresh = vi.fn();
  await expect(refreshIfRefused(Promise.resolve("done"), refresh)).resolves.toBe("done");
  expect(refresh).not.toHaveBeenCalled();
});

it("throws the refusal before the refresh has ended", async () => {
  const refusal = new ApiProblem("unexpected", { status: 409, detail: "No." });
  const endless = () => new Promise<never>(() => {});
  await expect(refreshIfRefused(Promise.reject(refusal), endless)).rejects.toBe(refusal);
});
