import { describe, expect, it } from "vitest";
import { suggestUsername, usernameProblem } from "./profileForm.ts";

describe("usernameProblem", () => {
  it("accepts what the API accepts", () => {
    expect(["abc", "aditi-rao", "Aditi-Rao", "007", "a".repeat(30)].map(usernameProblem)).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  it.each(["", "ab", "a".repeat(31), "-abc", "abc-", "aditi rao", "aditi_rao", "अदिति"])(
    "rejects %j",
    (username) => {
      expect(usernameProblem(username)).not.toBeNull();
    },
  );
});

describe("suggestUsername", () => {
  it.each([
    ["Aditi Rao", "aditi-rao"],
    ["  José  Núñez ", "jose-nunez"],
    ["Dr. A. P. J. Abdul Kalam Azad the Second", "dr-a-p-j-abdul-kalam-azad-the"],
    ["Jörg Großmann", "jorg-grossmann"],
    ["अदिति", ""],
    ["Jo", ""],
  ])("%j", (name, username) => {
    expect(suggestUsername(name)).toBe(username);
  });
});
