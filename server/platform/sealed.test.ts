import { describe, expect, it } from "vitest";
import { openSealer } from "./sealed.ts";

const secret = "a secret for tests that is long enough";
const sealer = openSealer(secret, "test v1");

describe("a sealed text", () => {
  it("is read again, and looks different each time", () => {
    const [one, two] = [sealer.seal("123456"), sealer.seal("123456")];
    expect([sealer.open(one), sealer.open(two)]).toEqual(["123456", "123456"]);
    expect(one.equals(two)).toBe(false);
    expect(one.includes("123456")).toBe(false);
  });

  it.each([
    ["for another purpose", () => openSealer(secret, "test v2").open(sealer.seal("123456"))],
    ["with another secret", () => openSealer(`${secret}!`, "test v1").open(sealer.seal("123456"))],
    [
      "that was changed",
      () => sealer.open(sealer.seal("123456").map((byte, at) => (at === 30 ? byte ^ 1 : byte))),
    ],
    ["that was cut off", () => sealer.open(sealer.seal("123456").subarray(0, 20))],
  ])("%s is not", (_, open) => {
    expect(open).toThrow();
  });
});
