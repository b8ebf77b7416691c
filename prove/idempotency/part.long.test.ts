import { expect, it } from "vitest";
import { broken } from "../proof.ts";
import { idempotency } from "./part.ts";

it("holds for one key in parallel, and a twin whose keys never meet does not", async () => {
  expect(broken(await idempotency("short"))).toEqual([]);
}, 60_000);
