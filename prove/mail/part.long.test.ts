import { expect, it } from "vitest";
import { broken } from "../proof.ts";
import { mail } from "./part.ts";

it("a worker that is killed loses no mail, and a copy has the same Message-ID", async () => {
  expect(broken(await mail("short"))).toEqual([]);
}, 300_000);
