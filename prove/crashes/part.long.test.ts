import { expect, it } from "vitest";
import { broken } from "../proof.ts";
import { crashes } from "./part.ts";

it("loses nothing that was acknowledged when the app is killed", async () => {
  expect(broken(await crashes("short"))).toEqual([]);
}, 180_000);
