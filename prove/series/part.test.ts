import { expect, it } from "vitest";
import { broken } from "../proof.ts";
import { seriesProof } from "./part.ts";

it("books and pays several sessions as a whole, with as many statements as for a few", async () => {
  expect(broken(await seriesProof("short"))).toEqual([]);
}, 120_000);
