import { expect, it } from "vitest";
import { broken } from "../proof.ts";
import { waiting } from "./part.ts";

it("freed time goes to those who wait, in their order, whatever the crowd does", async () => {
  expect(broken(await waiting("short"))).toEqual([]);
}, 240_000);
