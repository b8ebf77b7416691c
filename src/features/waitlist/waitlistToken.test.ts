import { describe, expect, it } from "vitest";
import { actionOfToken } from "./waitlistToken.ts";

const id = "0c6d2f0e-8f0a-4a54-9d3c-0d8f4f3f1a11";
const mac = "A".repeat(43);

describe("the token of a waitlist link", () => {
  it("says what it does", () => {
    for (const action of ["leave", "pass"]) {
      const token = `v1.${action}.${id}.${id}.${mac}`;
      expect(actionOfToken(`#${token}`)).toEqual({ token, action });
    }
  });

  it("is none with another form", () => {
    for (const hash of ["", "#", "#v1.leave", `#v1.accept.${id}.${id}.${mac}`, `#v1.pass.${id}.${mac}`])
      expect(actionOfToken(hash)).toBeNull();
  });
});
