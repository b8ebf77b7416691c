import { expect, it } from "vitest";
import { broken } from "../proof.ts";
import { race } from "./part.ts";

it("holds however many ask at once, and a twin without its guards does not", async () => {
  expect(broken(await race("short"))).toEqual([]);
}, 300_000);
