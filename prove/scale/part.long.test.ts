import { expect, it } from "vitest";
import { broken } from "../proof.ts";
import { beyondOneMachine } from "./part.ts";

it("fails no request while a newer version migrates", async () => {
  expect(broken(await beyondOneMachine("short"))).toEqual([]);
}, 400_000);
