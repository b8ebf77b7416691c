import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { WeekForm } from "./weekForm.ts";
import { dragTo, keyTo, placeOf, putWindow, segmentsOf, windowOf } from "./weekGrid.ts";

const week = (windows: Record<number, [string, string][]>): WeekForm => ({
  days: [0, 1, 2, 3, 4, 5, 6].map((day) => ({
    windows: (windows[day] ?? []).map(([start, end]) => ({ start, end })),
  })),
});
const at = (day: number, time: string) => {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return { day, minute: hour * 60 + minute };
};
const words = (placed: Parameters<typeof windowOf>[0]) => {
  const { start, end } = windowOf(placed);
  return `${placed.day} ${start}-${end}`;
};
const nine = { day: 1, from: 540, to: 1020 };

describe("segmentsOf", () => {
  it("draws a window past midnight on both days, Saturday's on Sunday", () => {
    expect(segmentsOf(week({ 6: [["22:00", "02:00"]] }))).toEqual([
      { day: 6, index: 0, column: 6, from: 1320, to: 1440, isTail: false, goesOn: true },
      { day: 6, index: 0, column: 0, from: 0, to: 120, isTail: true, goesOn: false },
    ]);
  });

  it("draws midnight at the end of the day, and no incomplete window", () => {
    expect(
      segmentsOf(
        week({
          1: [
            ["20:00", "00:00"],
            ["", "10:00"],
          ],
        }),
      ),
    ).toMatchObject([{ column: 1, from: 1200, to: 1440, goesOn: false }]);
  });
});

describe("dragTo", () => {
  it("creates a window between two positions in either direction, and an hour on a click", () => {
    const create = { kind: "create", anchor: at(1, "10:00") } as const;
    expect(words(dragTo(create, at(1, "12:30")))).toBe("1 10:00-12:30");
    expect(words(dragTo(create, at(1, "08:00")))).toBe("1 08:00-10:00");
    expect(words(dragTo(create, at(1, "10:00")))).toBe("1 10:00-11:00");
    expect(words(dragTo(create, at(2, "02:00")))).toBe("1 10:00-02:00");
    expect(words(dragTo(create, at(4, "02:00")))).toBe("1 10:00-00:00");
  });

  it("moves a window from where it was grabbed", () => {
    const move = { kind: "move", placed: nine, grabbed: at(1, "10:00") } as const;
    expect(words(dragTo(move, at(3, "11:00")))).toBe("3 10:00-18:00");
    expect(words(dragTo(move, at(1, "00:00")))).toBe("1 00:00-08:00");
    expect(words(dragTo(move, at(1, "23:00")))).toBe("1 22:00-06:00");
  });

  it("moves one end and keeps the other", () => {
    expect(words(dragTo({ kind: "end", placed: nine }, at(1, "18:15")))).toBe("1 09:00-18:15");
    expect(words(dragTo({ kind: "end", placed: nine }, at(1, "08:00")))).toBe("1 09:00-09:15");
    expect(words(dragTo({ kind: "end", placed: nine }, at(2, "01:00")))).toBe("1 09:00-01:00");
    expect(words(dragTo({ kind: "start", placed: nine }, at(1, "07:30")))).toBe("1 07:30-17:00");
    expect(words(dragTo({ kind: "start", placed: nine }, at(1, "20:00")))).toBe("1 16:45-17:00");
  });

  it("never creates a window that the API refuses", () => {
    const spot = fc.record({ day: fc.nat(6), minute: fc.nat(96).map((quarter) => quarter * 15) });
    const placed = fc
      .tuple(fc.nat(6), fc.integer({ min: 0, max: 95 }), fc.integer({ min: 1, max: 96 }))
      .map(([day, from, length]) => ({ day, from: from * 15, to: (from + length) * 15 }));
    const grip = fc.oneof(
      spot.map((anchor) => ({ kind: "create", anchor }) as const),
      fc.tuple(placed, spot).map(([at, grabbed]) => ({ kind: "move", placed: at, grabbed }) as const),
      placed.map((at) => ({ kind: "start", placed: at }) as const),
      placed.map((at) => ({ kind: "end", placed: at }) as const),
    );
    fc.assert(
      fc.property(grip, spot, (held, pointer) => {
        const made = dragTo(held, pointer);
        expect(made.from).toBeGreaterThanOrEqual(0);
        expect(made.from).toBeLessThan(1440);
        expect(made.to - made.from).toBeGreaterThanOrEqual(15);
        expect(made.to - made.from).toBeLessThanOrEqual(1440);
        expect(placeOf(made.day, windowOf(made))).toEqual(made);
      }),
    );
  });
});

describe("keyTo", () => {
  it("moves by a quarter of an hour, only the end with Shift, and sideways by a day", () => {
    expect(keyTo(nine, "ArrowDown", false)).toEqual({ day: 1, from: 555, to: 1035 });
    expect(keyTo(nine, "ArrowUp", true)).toEqual({ day: 1, from: 540, to: 1005 });
    expect(keyTo(nine, "ArrowLeft", false)).toEqual({ ...nine, day: 0 });
    expect(keyTo({ ...nine, day: 6 }, "ArrowRight", false)).toEqual({ ...nine, day: 0 });
    expect(keyTo({ day: 1, from: 0, to: 60 }, "ArrowUp", false)).toEqual({ day: 1, from: 0, to: 60 });
    expect(keyTo(nine, "a", false)).toBeNull();
  });
});

describe("putWindow", () => {
  it("replaces, inserts in order and removes", () => {
    const before = week({
      1: [
        ["09:00", "12:00"],
        ["14:00", "17:00"],
      ],
    });
    const moved = putWindow(before, { day: 1, index: 0 }, { day: 2, from: 600, to: 660 });
    expect(moved).toEqual(week({ 1: [["14:00", "17:00"]], 2: [["10:00", "11:00"]] }));
    expect(putWindow(moved, null, { day: 1, from: 480, to: 540 }).days[1]?.windows[0]).toEqual({
      start: "08:00",
      end: "09:00",
    });
    expect(putWindow(before, { day: 1, index: 1 }, null)).toEqual(week({ 1: [["09:00", "12:00"]] }));
  });
});
