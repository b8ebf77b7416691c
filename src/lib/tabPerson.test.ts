import { beforeEach, describe, expect, it } from "vitest";
import type { Me } from "#contract/accounts.ts";
import { tabPerson } from "./tabPerson.ts";

const personOf = (id: string): Me => ({
  id,
  name: id,
  email: `${id}@example.com`,
  email_confirmed: true,
  email_reachable: true,
  timezone: null,
  mentor: null,
});
const [anil, bina] = [personOf("anil"), personOf("bina")];
beforeEach(() => tabPerson.release());

describe("a tab", () => {
  it("belongs to the first person it shows", () => {
    expect(tabPerson.meet(null)).toBeNull();
    expect(tabPerson.id()).toBeUndefined();
    expect(tabPerson.meet(anil)).toBe(anil);
    expect(tabPerson.id()).toBe("anil");
    expect(tabPerson.somebodyElse()).toBeNull();
  });

  it("keeps showing that person when another one signs in, and reports the other", () => {
    tabPerson.meet(anil);
    expect(tabPerson.meet(bina)).toBe(anil);
    expect(tabPerson.id()).toBe("anil");
    expect(tabPerson.somebodyElse()).toEqual({ me: bina });
    expect(tabPerson.meet(anil)).toBe(anil);
    expect(tabPerson.somebodyElse()).toBeNull();
  });

  it("keeps its person after the session has expired, so that the next one does not see their drafts", () => {
    tabPerson.meet(anil);
    expect(tabPerson.meet(null)).toBeNull();
    expect(tabPerson.id()).toBe("anil");
    expect(tabPerson.meet(bina)).toBeNull();
    expect(tabPerson.somebodyElse()).toEqual({ me: bina });
  });

  it("reports a sign-out in another tab until its person is back", () => {
    tabPerson.meet(anil);
    tabPerson.signedOutElsewhere();
    tabPerson.meet(null);
    expect(tabPerson.somebodyElse()).toEqual({ me: null });
    tabPerson.meet(anil);
    expect(tabPerson.somebodyElse()).toBeNull();
  });

  it("changes its person when another one signs in in this tab", () => {
    tabPerson.meet(anil);
    tabPerson.welcome();
    expect(tabPerson.id()).toBe("anil");
    expect(tabPerson.meet(bina)).toBe(bina);
    expect(tabPerson.meet(anil)).toBe(bina);
    expect(tabPerson.id()).toBe("bina");
  });
});
