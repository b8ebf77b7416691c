import { renderToStaticMarkup } from "react-dom/server";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApiProblem } from "@/lib/api.ts";
import { toast } from "@/lib/toast.ts";
import { useAction } from "./useAction.ts";

const refusal = new ApiProblem("not_found", { status: 404, detail: "Not found." });
const shown = vi.fn();

beforeEach(() => {
  vi.spyOn(toast, "error").mockImplementation(shown);
});
afterEach(() => {
  vi.restoreAllMocks();
  shown.mockReset();
});

/** The `run` of a component that uses the hook. */
function runOf(...given: Parameters<typeof useAction<[number]>>) {
  const found: ReturnType<typeof useAction<[number]>>[] = [];
  function Component() {
    found.push(useAction(...given));
    return null;
  }
  renderToStaticMarkup(<Component />);
  return found[0]!.run;
}

it("passes its arguments on, and reports success without a toast", async () => {
  const action = vi.fn(async (_: number) => undefined);
  expect(await runOf(action)(7)).toBe(true);
  expect(action).toHaveBeenCalledExactlyOnceWith(7);
  expect(shown).not.toHaveBeenCalled();
});

it("shows the API's sentence under the action's title, or under the general one", async () => {
  const action = () => Promise.reject(refusal);
  expect(await runOf(action, { failure: "Couldn’t create a link." })(1)).toBe(false);
  expect(await runOf(action)(1)).toBe(false);
  expect(shown.mock.calls).toEqual([
    ["Couldn’t create a link.", { description: "Not found." }],
    ["That didn’t work.", { description: "Not found." }],
  ]);
});

it("shows no toast when the component shows the problem in place", async () => {
  expect(await runOf(() => Promise.reject(refusal), { inPlace: true })(1)).toBe(false);
  expect(shown).not.toHaveBeenCalled();
});

it("rethrows a defect", async () => {
  const defect = new TypeError("x is not a function");
  await expect(runOf(() => Promise.reject(defect))(1)).rejects.toBe(defect);
  expect(shown).not.toHaveBeenCalled();
});
