import { expect, it } from "vitest";
import { broken } from "../proof.ts";
import { calendars } from "./part.ts";

it("recurring events agree with two other implementations, and mistakes are detected", async () => {
  expect(broken(await calendars("short"))).toEqual([]);
});
