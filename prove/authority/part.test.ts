import { expect, it } from "vitest";
import { broken } from "../proof.ts";
import { authority } from "./part.ts";

it("holds for every route, caller, table and policy", async () => {
  expect(broken(await authority("short"))).toEqual([]);
}, 300_000);
