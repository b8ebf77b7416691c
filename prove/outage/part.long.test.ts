import { expect, it } from "vitest";
import { broken } from "../proof.ts";
import { outage } from "./part.ts";

it("asks to come back while there is no room and no connection, and then goes on", async () => {
  expect(broken(await outage("short"))).toEqual([]);
}, 300_000);
