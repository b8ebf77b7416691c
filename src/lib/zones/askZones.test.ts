import { afterEach, describe, expect, it, vi } from "vitest";
import { needZones } from "./askZones.ts";
import { hasAsked, isUnknownToServer, serverOffset } from "./zoneRules.ts";

const asked: string[][] = [];
function answerWith(respond: (names: string[]) => Response): void {
  vi.stubGlobal("fetch", async (address: string) => {
    const names = new URL(address, "http://localhost").searchParams.get("names")?.split(",") ?? [];
    asked.push(names);
    return respond(names);
  });
}
const rules = (names: string[]) => {
  const known = names.filter((name) => !name.startsWith("Mars/"));
  const periods = [{ from: "2026-01-01T00:00:00.000Z", utc_offset: 90 }];
  return Response.json({
    until: "2030-01-01T00:00:00.000Z",
    data: known.map((timezone) => ({ timezone, periods })),
    unknown: names.filter((name) => !known.includes(name)),
  });
};

describe("requested zones", () => {
  afterEach(() => {
    asked.length = 0;
    vi.unstubAllGlobals();
  });

  it("are fetched together, and each once", async () => {
    answerWith(rules);
    await Promise.all([needZones(["Asia/Tokyo", "Mars/Station"]), needZones(["Asia/Tokyo", "Asia/Seoul"])]);
    await needZones(["Asia/Seoul", "Mars/Station"]);
    expect(asked).toEqual([["Asia/Tokyo", "Mars/Station", "Asia/Seoul"]]);
    expect(serverOffset("Asia/Seoul", Date.UTC(2026, 5))).toBe(90 * 60_000);
    expect(isUnknownToServer("Mars/Station")).toBe(true);
    expect(isUnknownToServer("Asia/Seoul")).toBe(false);
  });

  it("are at most twenty per request", async () => {
    answerWith(rules);
    const names = Array.from({ length: 45 }, (_, index) => `Etc/Test${index}`);
    await needZones(names);
    expect(asked.map(({ length }) => length)).toEqual([20, 20, 5]);
    expect(names.every(hasAsked)).toBe(true);
  });

  it("resolve without a response, and are requested again", async () => {
    answerWith(() => Response.json({ code: "overloaded", title: "Busy", status: 503 }, { status: 503 }));
    await needZones(["Asia/Baku"]);
    expect(hasAsked("Asia/Baku")).toBe(false);
    expect(serverOffset("Asia/Baku", Date.UTC(2026, 5))).toBeNull();
    answerWith(rules);
    await needZones(["Asia/Baku"]);
    expect(hasAsked("Asia/Baku")).toBe(true);
  });
});
