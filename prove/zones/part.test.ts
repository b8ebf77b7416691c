import { expect, it } from "vitest";
import { broken } from "../proof.ts";
import { zones } from "./part.ts";

it("agrees with the second implementation in every zone, and sees engines that are broken", async () => {
  expect(broken(await zones("short"))).toEqual([]);
}, 240_000);
