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
    expect(one.bytes.equals(two.bytes)).toBe(false);
    expect(one.bytes.includes("pass word")).toBe(false);
  });

  it("is opened by the key that sealed it, after another one seals", () => {
    const sealed = before.seal("pass word", "row 1");
    expect(sealed.keyId).toBe("2025b");
    expect(after.open(sealed, "row 1")).toBe("pass word");
    expect(after.seal("pass word", "row 1").keyId).toBe("2026a");
  });

  const sealed = after.seal("pass word", "row 1");
  it.each([
    ["in another row", () => after.open(sealed, "row 2")],
    ["under another key's name", () => after.open({ ...sealed, keyId: "2025b" }, "row 1")],
    ["without its key", () => before.open(sealed, "row 1")],
    ["for another purpose", () => openKeyring([fresh], "test v2").open(sealed, "row 1")],
    [
      "that was changed",
      () =>
        after.open(
          { ...sealed, bytes: sealed.bytes.map((byte, at) => (at === 30 ? byte ^ 1 : byte)) },
          "row 1",
        ),
    ],
    ["that was cut off", () => after.open({ ...sealed, bytes: sealed.bytes.subarray(0, 20) }, "row 1")],
  ])("%s is not", (_, open) => {
    expect(open).toThrow();
  });
});
