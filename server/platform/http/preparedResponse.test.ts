import { expect, it } from "vitest";
import { chooseCoding } from "./preparedResponse.ts";

it.each([
  [undefined, "identity"],
  ["", "identity"],
  ["gzip, deflate, br, zstd", "br"],
  ["gzip, deflate", "gzip"],
  ["GZIP", "gzip"],
  ["br;q=0, gzip", "gzip"],
  ["gzip;q=0", "identity"],
  ["gzip;q=1.0, br;q=0.5", "gzip"],
  ["gzip; q=0.000", "identity"],
  ["*", "br"],
  ["*;q=0", "identity"],
  ["identity", "identity"],
  ["identity;q=0.5, gzip;q=0.1", "identity"],
  ["zstd, deflate", "identity"],
  [`gzip, ${"x".repeat(300)}`, "identity"],
])("chooses by Accept-Encoding: %s is answered with %s", (accepted, coding) => {
  expect(chooseCoding(accepted)).toBe(coding);
  expect(chooseCoding(accepted)).toBe(coding);
});
