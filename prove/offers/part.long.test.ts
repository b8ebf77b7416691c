import { expect, it } from "vitest";
import { broken } from "../proof.ts";
import { offers } from "./part.ts";

it("free times from memory follow the database, also when the live feed fails", async () => {
  expect(broken(await offers("short"))).toEqual([]);
}, 240_000);
