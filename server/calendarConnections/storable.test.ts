import { describe, expect, it } from "vitest";
import { storableCalendars, storableChanges, storableTitle } from "./storable.ts";

const object = (ref: string, etag: string | null = null, uid: string | null = null) => ({
  ref,
  etag,
  uid,
  busy: [],
});
const changes = (objects: ReturnType<typeof object>[], removed: string[] = []) =>
  storableChanges({ isFull: false, objects, removed, state: null, unreadable: [] });

describe("what a provider sends", () => {
  it("is left as it is if it fits", () => {
    const one = object("/cal/a.ics", '"1"', "a@example.com");
    expect(changes([one], ["/cal/b.ics"])).toEqual({
      isFull: false,
      objects: [one],
      removed: ["/cal/b.ics"],
      state: null,
    });
  });

  it("has the same shorter name each time where its own is too long, and another one for another", () => {
    const [long, other] = [`${"a".repeat(2000)}b`, `${"a".repeat(2000)}c`];
    const { objects, removed } = changes([object(long, null, long), object(other)], [long]);
    expect(objects[0]?.ref).toMatch(/^sha256:[\w-]{43}$/);
    expect(removed).toEqual([objects[0]?.ref]);
    expect(objects[1]?.ref).not.toBe(objects[0]?.ref);
    expect(objects[0]?.uid).toMatch(/^sha256:/);
  });

  it("occurs once: of two with one name the later", () => {
    expect(changes([object("a", "1"), object("a", "2")]).objects).toEqual([object("a", "2")]);
  });

  it("loses etags and states that cannot be kept, so that it is read again", () => {
    expect(changes([object("a", "x".repeat(501))]).objects[0]?.etag).toBeNull();
    const state = { syncToken: "1\0" };
    expect(
      storableChanges({ isFull: true, objects: [], removed: [], state, unreadable: [] }).state,
    ).toBeNull();
  });

  it("is text: no zeros, no halves of characters, no line breaks", () => {
    expect(changes([object("a\0b\uD83D")]).objects[0]?.ref).toBe("ab\uFFFD");
    expect(storableTitle("Den\0tist\r\nat 5")).toBe("Dentist at 5");
    expect(storableTitle(`${"x".repeat(199)}😀`)).toBe(`${"x".repeat(199)}\uFFFD`);
    expect(storableTitle("\0")).toBeNull();
  });

  it("names calendars so that each has a name, and leaves out one that could not be asked for", () => {
    const calendar = { color: null, isWritable: false, countsAsBusy: true };
    expect(
      storableCalendars([
        { ...calendar, remoteId: "a", name: "\0\n", timezone: "z".repeat(65) },
        { ...calendar, remoteId: "b".repeat(2001), name: "B", timezone: null },
      ]),
    ).toEqual([{ ...calendar, remoteId: "a", name: "-", timezone: null }]);
  });
});
