import { expect, it } from "vitest";
import { broken } from "../proof.ts";
import { clock } from "./part.ts";

it("sells nothing twice and lets nothing run out early when a clock jumps", async () => {
  expect(broken(await clock("short"))).toEqual([]);
}, 300_000);
