import { expect, it } from "vitest";
import { broken } from "../proof.ts";
import { money } from "./part.ts";

it("every payment has one effect, whatever happens, and the ledger knows every paisa", async () => {
  expect(broken(await money("short"))).toEqual([]);
}, 300_000);
