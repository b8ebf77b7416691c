import { expect, it } from "vitest";
import { broken } from "../proof.ts";
import { requests } from "./part.ts";

it("holds for requests drawn from the OpenAPI document, and finds routes with a fault", async () => {
  expect(broken(await requests("short"))).toEqual([]);
}, 60_000);
