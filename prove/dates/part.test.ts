import { expect, it } from "vitest";
import { broken } from "../proof.ts";
import { dates } from "./part.ts";
import { canShiftClocks } from "./shiftedRun.ts";

it.runIf(canShiftClocks)(
  "passes the tests of dates on the last evening of a year",
  async () => {
    expect(broken(await dates("short"))).toEqual([]);
  },
  300_000,
);
