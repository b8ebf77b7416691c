import { expect, it } from "vitest";
import { broken } from "../proof.ts";
import { clients } from "./part.ts";

it("serves the others while clients send or read slowly, or send nonsense", async () => {
  expect(broken(await clients("short"))).toEqual([]);
}, 300_000);
