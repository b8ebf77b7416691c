import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { makeServerClock } from "./serverClock.ts";

const minutes = (count: number) => count * 60_000;
const start = Date.parse("2026-11-24T08:30:00.400Z");

/** A device whose clock is ahead of the server's, and a response after a round trip. */
function deviceAhead(ahead: number) {
  let passed = 0;
  let set = ahead;
  const clock = makeServerClock(
    () => start + passed + set,
    () => passed,
  );
  return {
    clock,
    serverTime: () => start + passed,
    pass: (ms: number) => {
      passed += ms;
    },
    set: (by: number) => {
      set += by;
    },
    answer: (out = 20, back = 30) => {
      const askedAt = clock.deviceNow();
      passed += out;
      const date = new Date(start + passed).toUTCString();
      passed += back;
      clock.observe(date, askedAt);
    },
  };
}

describe("the server's clock", () => {
  it.each([minutes(40), -minutes(40), minutes(3000)])(
    "is known to a device that is off by %i ms",
    (ahead) => {
      const device = deviceAhead(ahead);
      expect(device.clock.now()).toBe(device.serverTime() + ahead);
      device.answer();
      expect(Math.abs(device.clock.now() - device.serverTime())).toBeLessThan(1100);
      device.pass(minutes(20));
      expect(Math.abs(device.clock.now() - device.serverTime())).toBeLessThan(1100);
    },
  );

  it("leaves a correct clock alone, and is as exact as the responses allow", () => {
    const ways = fc.array(fc.tuple(fc.nat(4000), fc.nat(4000), fc.nat(50_000)), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(fc.integer({ min: -minutes(2000), max: minutes(2000) }), ways, (ahead, answers) => {
        const device = deviceAhead(ahead);
        let best = Number.POSITIVE_INFINITY;
        for (const [out, back, pause] of answers) {
          device.answer(out, back);
          best = Math.min(best, out + back + 1000);
          expect(Math.abs(device.clock.now() - device.serverTime())).toBeLessThanOrEqual(best);
          if (ahead === 0) expect(device.clock.now()).toBe(device.clock.deviceNow());
          device.pass(pause);
        }
      }),
    );
  });

  it("is estimated again after the device's clock is set, and uncertain until then", () => {
    const device = deviceAhead(0);
    const told = vi.fn();
    device.clock.subscribe(told);
    device.answer();
    expect(device.clock.isInDoubt()).toBe(false);
    device.set(-minutes(40));
    expect(device.clock.isInDoubt()).toBe(true);
    expect(told).not.toHaveBeenCalled();
    device.answer();
    expect(device.clock.isInDoubt()).toBe(false);
    expect(told).toHaveBeenCalledOnce();
    expect(Math.abs(device.clock.now() - device.serverTime())).toBeLessThan(1100);
  });

  it("ignores a response without a date, or during which the device's clock was set", () => {
    const device = deviceAhead(minutes(40));
    device.clock.observe(null, device.clock.deviceNow());
    device.clock.observe("soon", device.clock.deviceNow());
    const askedAt = device.clock.deviceNow();
    device.set(-minutes(40));
    device.clock.observe(new Date(device.serverTime()).toUTCString(), askedAt);
    expect(device.clock.now()).toBe(device.serverTime());
    expect(device.clock.isInDoubt()).toBe(false);
  });

  it("is not moved by a delayed response, if the delay is known", () => {
    const device = deviceAhead(0);
    const said = new Date(device.serverTime()).toUTCString();
    device.pass(9000);
    device.clock.observe(said, device.clock.deviceNow() - 9000);
    expect(device.clock.now()).toBe(device.serverTime());
    // Twin: a fresh response would set a correct clock back.
    device.clock.observe(said, device.clock.deviceNow());
    expect(device.clock.now()).toBeLessThan(device.serverTime() - 8000);
  });
});

describe("pages", () => {
  const readsDevice = /\bDate\.now\(\)|\bnew Date\(\)|\bDate\(\)/;
  it("use no other clock", () => {
    const sources = import.meta.glob<string>(["../../**/*.{ts,tsx}", "!../../**/*.test.{ts,tsx}"], {
      query: "?raw",
      import: "default",
      eager: true,
    });
    const others = Object.entries(sources).filter(([, source]) => readsDevice.test(source));
    expect(Object.keys(sources).length).toBeGreaterThan(100);
    expect(others.map(([path]) => path)).toEqual(["./serverClock.ts"]);
  });
  it.each(["const now = Date.now();", "todayIn(zone, new Date())"])("twin: %s is found", (line) => {
    expect(readsDevice.test(line)).toBe(true);
  });
});
