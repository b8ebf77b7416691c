import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  cancelBooking,
  createBooking,
  getAvailableDays,
  getAvailableTimeSlots,
  getBookedSlots,
  getMentorAvailability,
  getMentorBookings,
  getUserBookings,
} from "./bookingService.ts";

const mentorId = "6f1f0c54-6d1e-4f5e-9a8b-0f6f2b1f8a01";
const request = {
  expert_id: mentorId,
  session_type: "oneOnOneSession",
  scheduled_date: "2026-11-24",
  scheduled_time: "14:00",
  duration: 60,
  message: "Need help with React",
  total_amount: 2000,
};

const fetched = vi.fn<typeof fetch>();

beforeEach(() => {
  vi.stubGlobal("fetch", fetched);
});
afterEach(() => {
  fetched.mockReset();
  vi.unstubAllGlobals();
});

function answers(...bodies: unknown[]) {
  for (const body of bodies) fetched.mockResolvedValueOnce(Response.json(body));
}

function refuses(status: number, code: string, detail: string, more: object = {}) {
  fetched.mockResolvedValueOnce(
    Response.json({ type: "about:blank", title: detail, status, code, detail, ...more }, { status }),
  );
}

/** The nth call as the network saw it. */
function sent(call = 0) {
  const [address, init] = fetched.mock.calls[call] ?? [];
  const headers = new Headers(init?.headers);
  const body = typeof init?.body === "string" ? JSON.parse(init.body) : undefined;
  return { call: `${init?.method} ${address}`, headers, body };
}

describe("createBooking", () => {
  it("sends prices and times unchanged and returns the booking", async () => {
    answers({ id: "b1", status: "pending" });
    const result = await createBooking(request, { idempotencyKey: "key-1" });
    expect(result).toEqual({ success: true, data: { id: "b1", status: "pending" } });
    expect(sent().call).toBe("POST /api/v1/bookings");
    expect(sent().body).toEqual(request);
    expect(sent().headers.get("idempotency-key")).toBe("key-1");
  });

  it("creates an Idempotency-Key for each booking without one", async () => {
    answers({ id: "b1" }, { id: "b2" });
    await createBooking(request);
    await createBooking(request);
    const keys = [sent(0), sent(1)].map(({ headers }) => headers.get("idempotency-key"));
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[0]).not.toBe(keys[1]);
  });

  it("returns the guide's sentence when the visitor is signed out", async () => {
    refuses(401, "unauthenticated", "You must be signed in.");
    const result = await createBooking(request);
    expect(result).toMatchObject({
      success: false,
      data: null,
      error: "You must be logged in to book a session",
      message: "You must be signed in.",
      problem: { code: "unauthenticated", status: 401 },
    });
  });

  it("keeps the code, next available times and field errors of a refusal", async () => {
    const next = { date: "2026-11-24", time: "15:00", starts_at: "2026-11-24T09:30:00Z", available: true };
    refuses(409, "slot_taken", "That time was just taken.", { next_slots: [next], request_id: "r1" });
    const taken = await createBooking(request);
    expect(taken).toMatchObject({
      success: false,
      error: "Failed to create booking",
      message: "That time was just taken.",
      problem: { code: "slot_taken", nextSlots: [next], said: { request_id: "r1" }, isTemporary: false },
    });

    const errors = [{ field: "user_email", message: "This isn’t a valid e-mail address." }];
    refuses(422, "validation_failed", "Some fields aren’t valid.", { errors });
    expect(await createBooking(request)).toMatchObject({ problem: { fieldErrors: errors } });

    refuses(422, "price_mismatch", "The price has changed.", { expected_amount: 2200 });
    expect(await createBooking(request)).toMatchObject({ problem: { said: { expected_amount: 2200 } } });
  });

  it("distinguishes an unreachable server from a refusal", async () => {
    fetched.mockRejectedValueOnce(new TypeError("Failed to fetch"));
    expect(await createBooking(request)).toMatchObject({
      success: false,
      error: "Failed to create booking",
      problem: { code: "network", status: 0, isTemporary: true },
    });
  });

  it("handles an error page that is not JSON", async () => {
    fetched.mockResolvedValueOnce(new Response("<h1>Bad gateway</h1>", { status: 502 }));
    expect(await createBooking(request)).toMatchObject({
      problem: { code: "unexpected", status: 502, isTemporary: true },
    });
  });
});

describe("availability", () => {
  const slots = [
    { time: "14:00", starts_at: "2026-11-24T08:30:00Z", available: true },
    { time: "14:30", starts_at: "2026-11-24T09:00:00Z", available: true },
  ];
  const answer = {
    timezone: "Asia/Kolkata",
    mentor_timezone: "Asia/Kolkata",
    duration: 60,
    days: [{ date: "2026-11-24", slots }],
  };

  it("requests one date and returns its times", async () => {
    answers(answer);
    const result = await getAvailableTimeSlots(mentorId, "2026-11-24", 60, {
      timezone: "Asia/Kolkata",
      serviceId: "s1",
    });
    expect(result).toEqual({ success: true, data: slots });
    expect(sent().call).toBe(
      `GET /api/v1/mentors/${mentorId}/slots?from=2026-11-24&to=2026-11-24&duration=60&timezone=Asia%2FKolkata&service_id=s1`,
    );
  });

  it("omits parameters that are not given", async () => {
    answers({ ...answer, days: [{ date: "2026-11-24", slots: [] }] });
    expect(await getAvailableTimeSlots(mentorId, "2026-11-24", 60)).toEqual({ success: true, data: [] });
    expect(sent().call).not.toMatch(/timezone|service_id/);
  });

  it("requests a month in one call", async () => {
    answers(answer);
    const result = await getAvailableDays({ mentorId, from: "2026-11-01", to: "2026-11-30", duration: 60 });
    expect(result).toEqual({ success: true, data: answer });
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it("returns hours, blocked dates and taken times", async () => {
    const hours = { timezone: "Asia/Kolkata", recurringSlots: [], specificSlots: [], blockedDates: [] };
    const taken = [{ scheduled_time: "14:00", duration: 60, starts_at: "2026-11-24T08:30:00Z" }];
    answers(hours, taken);
    expect(await getMentorAvailability(mentorId, "2026-11-01", "2026-11-30")).toEqual({
      success: true,
      data: hours,
    });
    expect(await getBookedSlots(mentorId, "2026-11-24")).toEqual({ success: true, data: taken });
    expect([sent(0).call, sent(1).call]).toEqual([
      `GET /api/v1/mentors/${mentorId}/availability?start_date=2026-11-01&end_date=2026-11-30`,
      `GET /api/v1/mentors/${mentorId}/booked-slots?date=2026-11-24`,
    ]);
  });

  it("fails with the guide's sentence and empty data", async () => {
    for (let call = 0; call < 3; call++) refuses(503, "database_unavailable", "Please try again.");
    const failed = { success: false, error: "Failed to fetch availability", message: "Please try again." };
    expect(await getAvailableTimeSlots(mentorId, "2026-11-24", 60)).toMatchObject({ ...failed, data: [] });
    expect(await getBookedSlots(mentorId, "2026-11-24")).toMatchObject({ ...failed, data: [] });
    expect(await getMentorAvailability(mentorId, "2026-11-01", "2026-11-30")).toMatchObject({
      ...failed,
      data: { recurringSlots: [], specificSlots: [], blockedDates: [] },
    });
  });

  it("rethrows the caller's abort, which is not a failure", async () => {
    fetched.mockRejectedValueOnce(new DOMException("aborted", "AbortError"));
    const question = { mentorId, from: "2026-11-24", to: "2026-11-24", duration: 60 };
    await expect(getAvailableDays(question)).rejects.toThrow("aborted");
  });
});

describe("lists of bookings", () => {
  it("follows the cursor to the last page", async () => {
    answers({ data: [{ id: "b1" }], next_cursor: "c 2" }, { data: [{ id: "b2" }], next_cursor: null });
    expect(await getUserBookings()).toEqual({ success: true, data: [{ id: "b1" }, { id: "b2" }] });
    expect([sent(0).call, sent(1).call]).toEqual([
      "GET /api/v1/bookings?as=student&limit=100",
      "GET /api/v1/bookings?as=student&limit=100&cursor=c+2",
    ]);
  });

  it("stops after a bounded number of pages", async () => {
    fetched.mockImplementation(async () => Response.json({ data: [{ id: "b" }], next_cursor: "again" }));
    const result = await getMentorBookings();
    expect(result.data).toHaveLength(20);
    expect(sent().call).toContain("as=mentor");
  });

  it("fails with an empty list", async () => {
    refuses(401, "unauthenticated", "You must be signed in.");
    expect(await getUserBookings()).toMatchObject({
      success: false,
      data: [],
      error: "Failed to fetch bookings",
    });
  });
});

describe("cancelBooking", () => {
  it("sends the reason if there is one", async () => {
    answers({ id: "b1", status: "cancelled" }, { id: "b1", status: "cancelled" });
    expect(await cancelBooking("b1", "I am ill")).toMatchObject({
      success: true,
      data: { status: "cancelled" },
    });
    await cancelBooking("b1");
    expect(sent(0)).toMatchObject({ call: "POST /api/v1/bookings/b1/cancel", body: { reason: "I am ill" } });
    expect(sent(1).body).toEqual({});
  });

  it("returns why it failed", async () => {
    refuses(409, "invalid_transition", "This booking can no longer be changed this way.");
    expect(await cancelBooking("b1")).toMatchObject({
      success: false,
      data: null,
      error: "Failed to cancel booking",
      problem: { code: "invalid_transition" },
    });
  });
});
