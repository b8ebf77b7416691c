import { describe, expect, it } from "vitest";
import { openKeyring } from "./keyring.ts";

const old = { id: "2025b", secret: "an old secret for tests, long enough" };
const fresh = { id: "2026a", secret: "a new secret for tests, long enough" };
const before = openKeyring([old], "test v1");
const after = openKeyring([fresh, old], "test v1");

describe("a sealed secret", () => {
  it("is read again, and looks different each time", () => {
    const [one, two] = [before.seal("pass word", "row 1"), before.seal("pass word", "row 1")];
    expect([before.open(one, "row 1"), before.open(two, "row 1")]).toEqual(["pass word", "pass word"]);
    expect(one.equals(two)).toBe(false);
    expect(one.includes("pass word")).toBe(false);
  });

  it("is opened by the key that sealed it, after another one seals", () => {
    const sealed = before.seal("pass word", "row 1");
    const isOf = ({ prefix }: typeof before, bytes: Buffer) =>
      bytes.subarray(0, prefix.length).equals(prefix);
    expect([isOf(before, sealed), isOf(after, sealed)]).toEqual([true, false]);
    expect(after.open(sealed, "row 1")).toBe("pass word");
    expect(isOf(after, after.seal("pass word", "row 1"))).toBe(true);
  });

  const sealed = after.seal("pass word", "row 1");
  it.each([
    ["in another row", () => after.open(sealed, "row 2")],
    [
      "under another key's name",
      () => after.open(Buffer.concat([before.prefix, sealed.subarray(after.prefix.length)]), "row 1"),
    ],
    ["without its key", () => before.open(sealed, "row 1")],
    ["for another purpose", () => openKeyring([fresh], "test v2").open(sealed, "row 1")],
    [
      "that was changed",
      () =>
        after.open(
          sealed.map((byte, at) => (at === 40 ? byte ^ 1 : byte)),
          "row 1",
        ),
    ],
    ["that was cut off", () => after.open(sealed.subarray(0, 20), "row 1")],
  ])("%s is not", (_, open) => {
    expect(open).toThrow();
  });
});
