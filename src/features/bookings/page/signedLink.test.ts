import { describe, expect, it } from "vitest";
import { readSignedLink } from "./signedLink.ts";

const booking = "0c6d2f0e-8f0a-4a54-9d3c-0d8f4f3f1a11";
const person = "1c6d2f0e-8f0a-4a54-9d3c-0d8f4f3f1a22";
const token = `v1.student.${booking}.${person}.q-_0`;

describe("a signed link", () => {
  it("yields the session it opens and the role of its person", () => {
    expect(readSignedLink(`#${token}`)).toEqual({ access: { bookingId: booking, token }, role: "student" });
  });

  it("may carry the generation, which rises when links are turned off", () => {
    const later = token.replace(".q-", ".12.q-");
    expect(readSignedLink(`#${later}`)?.access.token).toBe(later);
  });

  it.each([
    "",
    "#",
    "#main",
    `#${token} `,
    `#${token.replace("student", "admin")}`,
    `#${token.replace("v1", "v2")}`,
  ])("is not: %s", (hash) => {
    expect(readSignedLink(hash)).toBeNull();
  });
});
