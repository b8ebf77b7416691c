import { beforeEach, describe, expect, it } from "vitest";
import type { Me } from "#contract/accounts.ts";
import { tabPerson } from "./tabPerson.ts";

const personOf = (id: string): Me => ({
  id,
  name: id,
  email: `${id}@example.com`,
  timezone: null,
  mentor: null,
});
const [anil, bina] = [personOf("anil"), personOf("bina")];
beforeEach(() => tabPerson.release());

describe("a tab", () => {
  it("is of the first person it shows", () => {
    expect(tabPerson.meet(null)).toBeNull();
    expect(tabPerson.id()).toBeUndefined();
    expect(tabPerson.meet(anil)).toBe(anil);
    expect(tabPerson.id()).toBe("anil");
    expect(tabPerson.somebodyElse()).toBeNull();
  });

  it("goes on showing that person when somebody else signs in, and says so", () => {
    tabPerson.meet(anil);
    expect(tabPerson.meet(bina)).toBe(anil);
    expect(tabPerson.id()).toBe("anil");
    expect(tabPerson.somebodyElse()).toEqual({ me: bina });
    expect(tabPerson.meet(anil)).toBe(anil);
    expect(tabPerson.somebodyElse()).toBeNull();
  });

  it("stays theirs when the session has expired: what they typed is not for the next one", () => {
    tabPerson.meet(anil);
    expect(tabPerson.meet(null)).toBeNull();
    expect(tabPerson.id()).toBe("anil");
    expect(tabPerson.meet(bina)).toBeNull();
    expect(tabPerson.somebodyElse()).toEqual({ me: bina });
  });

  it("says so when they sign out elsewhere, until they are back", () => {
    tabPerson.meet(anil);
    tabPerson.signedOutElsewhere();
    tabPerson.meet(null);
    expect(tabPerson.somebodyElse()).toEqual({ me: null });
    tabPerson.meet(anil);
    expect(tabPerson.somebodyElse()).toBeNull();
  });

  it("is anybody's who signs in in it", () => {
    tabPerson.meet(anil);
    tabPerson.welcome();
    expect(tabPerson.id()).toBe("anil");
    expect(tabPerson.meet(bina)).toBe(bina);
    expect(tabPerson.meet(anil)).toBe(bina);
    expect(tabPerson.id()).toBe("bina");
  });
});
