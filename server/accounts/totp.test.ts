import { describe, expect, it } from "vitest";
import { base32Of, matchingStep, newTotpSecret, totpCode, totpStep, totpUri } from "./totp.ts";

/** RFC 6238, appendix B. */
const secret = "12345678901234567890";

describe("codes of an authenticator app", () => {
  it.each([
    [59, "287082"],
    [1111111109, "081804"],
    [1111111111, "050471"],
    [1234567890, "005924"],
    [2000000000, "279037"],
    [20000000000, "353130"],
  ])("are those of RFC 6238 at %d s", (seconds, code) => {
    expect(totpCode(secret, totpStep(seconds * 1000))).toBe(code);
  });

  it("belong to this step, the one before or the one after, and to no other", () => {
    const now = 1111111109_000;
    const step = totpStep(now);
    for (const near of [step - 1, step, step + 1]) {
      expect(matchingStep(secret, totpCode(secret, near), now)).toBe(near);
    }
    for (const far of [step - 2, step + 2]) {
      expect(matchingStep(secret, totpCode(secret, far), now)).toBeUndefined();
    }
    for (const none of ["", "0818", "0818040", "08180x", "０８１８０４"]) {
      expect(matchingStep(secret, none, now)).toBeUndefined();
    }
  });
});

it("a secret is Base32 as in RFC 4648", () => {
  expect(["f", "fo", "foo", "foob", "fooba", "foobar"].map(base32Of)).toEqual([
    "MY",
    "MZXQ",
    "MZXW6",
    "MZXW6YQ",
    "MZXW6YTB",
    "MZXW6YTBOI",
  ]);
  expect(newTotpSecret()).not.toBe(newTotpSecret());
});

it("the address for a QR code names the app and the account", () => {
  expect(totpUri(secret, "MatePeak", "asha+one@example.com")).toBe(
    "otpauth://totp/MatePeak:asha%2Bone%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=MatePeak&digits=6&period=30",
  );
});
