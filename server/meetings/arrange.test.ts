import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Booking, booking } from "#contract/bookings.ts";
import type { SetMeetingPlace } from "#contract/meetings.ts";
import { notificationPage } from "#contract/notifications.ts";
import { bookAny, dateIn, moveBooking, readSlots } from "../testing/booking.ts";
import { runJobs } from "../testing/jobs.ts";
import { whileRewritten } from "../testing/rewriteFunction.ts";
import { type Mentor, openTestApp, type Person, type TestApp, testSecret } from "../testing/testApp.ts";
import { startZoomServer, zoomKeys } from "../testing/zoomServer.ts";
import { openMeetings } from "./makers.ts";

const room = { meeting_url: "https://meet.example.com/asha", meeting_note: "Ring twice" };
const hosts = ["one@example.com", "two@example.com"];
const config = { zoom: { ...zoomKeys, hosts }, jitsi: undefined };

let test: TestApp;
let zoom: Awaited<ReturnType<typeof startZoomServer>>;
let mentor: Mentor;
let student: Person;
beforeAll(async () => {
  zoom = await startZoomServer(hosts);
  test = await openTestApp({ meetings: config });
});
afterAll(async () => {
  await test.close();
  await zoom.close();
});
beforeEach(async () => {
  // Earlier tests' sessions hold the hosts.
  await test.db.owner.query("delete from private.made_meetings; delete from graphile_worker._private_jobs");
  zoom.meetings.length = 0;
  zoom.calls.length = 0;
  mentor = await test.makeMentor({ name: "Asha Rao", settings: { instant_confirm: true } });
  [student] = (await test.signUpCrowd(1)) as [Person];
  (await mentor.call("PUT", "/mentors/me/room", room)).expect(200);
});

const choose = async (place: SetMeetingPlace) =>
  (await mentor.call("PUT", "/mentors/me/meeting-place", place)).expect(200);
const run = (meetings = openMeetings(config, testSecret, zoom.addresses)) => runJobs(test.db, { meetings });
/** Runs also what waits for its turn. */
async function runLater() {
  await test.db.owner.query(
    "update graphile_worker._private_jobs set run_at = now(); update private.made_meetings set leased_until = now() where lease is not null",
  );
  await run();
}
const read = async ({ id }: Pick<Booking, "id">, who: Person = student) =>
  (await who.call("GET", `/bookings/${id}`)).expect(200).read(booking);
const inbox = async (who: Person) =>
  (await who.call("GET", "/notifications")).read(notificationPage).data.map(({ kind }) => kind);
const made = async ({ id }: Pick<Booking, "id">) => {
  const { rows } = await test.db.owner.query("select * from private.made_meetings where known_as = $1", [id]);
  return rows[0] as Record<string, unknown> | undefined;
};
const occupancyOf = async ({ id }: Pick<Booking, "id">) => {
  const { rows } = await test.db.owner.query<{ occupancy_id: string }>(
    "select occupancy_id from bookings where id = $1",
    [id],
  );
  return rows[0]?.occupancy_id;
};
async function reschedule({ id }: Booking) {
  const slots = await readSlots(student.call, mentor, { from: dateIn(mentor, 2), to: dateIn(mentor, 2) });
  const slot = slots.at(-1);
  const wanted = {
    scheduled_date: slot?.starts_at.slice(0, 10),
    scheduled_time: slot?.starts_at.slice(11, 16),
    timezone: "UTC",
  };
  return (await student.call("POST", `/bookings/${id}/reschedule`, wanted)).expect(200).read(booking);
}

describe("a link by Zoom", () => {
  beforeEach(() => choose({ kind: "zoom" }));

  it("is made after the confirmation, moves with the session and goes when it is cancelled", async () => {
    const booked = await bookAny(student, mentor);
    // Until then there is the room.
    expect(booked).toMatchObject({ ...room, meeting_from: "room", meeting_place: { kind: "zoom" } });
    await run();
    const [meeting] = zoom.meetings;
    expect(meeting).toMatchObject({
      host: "one@example.com",
      start_time: booked.starts_at.replace(".000", ""),
      duration: 60,
      timezone: "Asia/Kolkata",
      agenda: `MatePeak session ${booked.id}`,
      settings: { join_before_host: true, waiting_room: false },
    });
    for (const who of [student, mentor])
      expect(await read(booked, who)).toMatchObject({
        meeting_url: meeting?.join_url,
        meeting_note: "Passcode pass1",
        meeting_from: "made",
      });
    const entry = (await student.call("GET", `/bookings/${booked.id}/calendar.ics`)).text.replaceAll(
      "\r\n ",
      "",
    );
    expect(entry).toContain(`LOCATION:${meeting?.join_url}`);

    const moved = await reschedule(booked);
    await run();
    expect(zoom.meetings).toMatchObject([
      { id: meeting?.id, start_time: moved.starts_at.replace(".000", "") },
    ]);
    expect(await read(booked)).toMatchObject({ meeting_url: meeting?.join_url });

    (await student.call("POST", `/bookings/${booked.id}/cancel`)).expect(200);
    await run();
    expect(zoom.meetings).toEqual([]);
    expect(await made(booked)).toBeUndefined();
  });

  it("is not made for a request, and only the last of several changes counts", async () => {
    await mentor.call("PATCH", "/mentors/me", { instant_confirm: false });
    const asked = await bookAny(student, mentor);
    expect(asked.meeting_place).toBeNull();
    await run();
    expect(zoom.calls).toEqual([]);
    (await mentor.call("POST", `/bookings/${asked.id}/confirm`)).expect(200);
    await reschedule(asked);
    (await student.call("POST", `/bookings/${asked.id}/cancel`)).expect(200);
    await run();
    expect(zoom.calls).toEqual([]);
    expect(await made(asked)).toBeUndefined();
  });

  it("is one, however many workers and runs there are", async () => {
    const booked = await bookAny(student, mentor);
    const meetings = openMeetings(config, testSecret, zoom.addresses);
    await test.db.owner.query("select private.enqueue('arrange_meeting', $1)", [
      JSON.stringify({ mentor_id: mentor.id, occupancy_id: await occupancyOf(booked) }),
    ]);
    await Promise.all([run(meetings), run(openMeetings(config, testSecret, zoom.addresses))]);
    await runLater();
    expect(zoom.meetings).toHaveLength(1);
  });

  it("is arranged by one run at a time, and another one's record is refused", async () => {
    const booked = await bookAny(student, mentor);
    const occupancy = await occupancyOf(booked);
    const claim = async (run: string) => {
      const { rows } = await test.db.owner.query<{ is_taken: boolean }>(
        "select is_taken from private.claim_meeting($1, $2, $3, $4)",
        [mentor.id, occupancy, run, hosts],
      );
      return rows[0]?.is_taken;
    };
    const one = "0190a000-0000-7000-8000-000000000001";
    const two = "0190a000-0000-7000-8000-000000000002";
    expect(await claim(one)).toBe(false);
    expect(await claim(two)).toBe(true);
    const settle = async (run: string) => {
      const { rows } = await test.db.owner.query<{ is: boolean }>(
        "select private.settle_meeting($1, $2, $3, false) as is",
        [mentor.id, occupancy, run],
      );
      return rows[0]?.is;
    };
    expect(await settle(two)).toBe(false);
    expect(await settle(one)).toBe(true);
    // Twin: without the lease the second one has it too.
    await whileRewritten(
      test.db,
      ["private.claim_meeting", "is_taken := coalesce(m.leased_until > now(), false);"],
      "is_taken := false;",
      async () => {
        expect([await claim(one), await claim(two)]).toEqual([false, false]);
      },
    );
  });

  it("twin: what is not looked for is made twice", async () => {
    await whileRewritten(
      test.db,
      ["private.claim_meeting", "is_unsure := m.is_unsure;"],
      "is_unsure := false;",
      async () => {
        zoom.misbehave("fail_after", /POST \/users/);
        await bookAny(student, mentor);
        await run();
        await runLater();
        expect(zoom.meetings).toHaveLength(2);
      },
    );
  });

  it.each(["fail_after", "stall", "close_after", "nonsense"] as const)(
    "that was made without an answer (%s) is found again",
    async (fault) => {
      zoom.misbehave(fault, /POST \/users/);
      const booked = await bookAny(student, mentor);
      await run();
      expect(zoom.meetings).toHaveLength(1);
      expect(await made(booked)).toMatchObject({ ref: null, is_unsure: true, problem: "unclear" });
      await runLater();
      expect(zoom.meetings).toHaveLength(1);
      expect(await read(booked)).toMatchObject({
        meeting_url: zoom.meetings[0]?.join_url,
        meeting_note: `Passcode ${zoom.meetings[0]?.password}`,
        meeting_from: "made",
      });
    },
  );

  it("is found again to be removed, if the session was cancelled meanwhile", async () => {
    zoom.misbehave("fail_after", /POST \/users/);
    const booked = await bookAny(student, mentor);
    await run();
    (await student.call("POST", `/bookings/${booked.id}/cancel`)).expect(200);
    await runLater();
    expect(zoom.meetings).toEqual([]);
  });

  it("is made with a new token when the old one was ended", async () => {
    const meetings = openMeetings(config, testSecret, zoom.addresses);
    await bookAny(student, mentor);
    await run(meetings);
    zoom.endTokens();
    const [other] = (await test.signUpCrowd(1)) as [Person];
    const second = await bookAny(other, mentor);
    await run(meetings);
    expect(await read(second, other)).toMatchObject({ meeting_from: "made" });
  });

  it("is tried later after 429, when Zoom says, and the room is used until then", async () => {
    zoom.misbehave("too_many_before", /POST \/users/);
    const booked = await bookAny(student, mentor);
    await run();
    expect(await read(booked)).toMatchObject({ ...room, meeting_from: "room" });
    const { rows } = await test.db.owner.query<{ seconds: number }>(
      "select extract(epoch from run_at - now())::integer as seconds from graphile_worker.jobs where key like 'arrange_meeting:%'",
    );
    expect(rows[0]?.seconds).toBeGreaterThan(590);
    expect(await inbox(student)).toContain("meeting_fell_back");
  });

  it("falls back to the room after four failures, tells both once, and replaces it when it works again", async () => {
    const booked = await bookAny(student, mentor);
    for (let failure = 1; failure <= 6; failure++) {
      zoom.misbehave("fail_before", /POST \/users/);
      await runLater();
      for (const who of [student, mentor])
        expect((await inbox(who)).filter((kind) => kind === "meeting_fell_back")).toHaveLength(
          failure < 4 ? 0 : 1,
        );
      expect(await read(booked)).toMatchObject({ ...room, meeting_from: "room" });
    }
    await runLater();
    expect(await read(booked)).toMatchObject({ meeting_from: "made" });
    for (const who of [student, mentor])
      expect((await inbox(who)).filter((kind) => kind === "meeting_restored")).toHaveLength(1);
    expect(zoom.meetings).toHaveLength(1);
  });

  it("that cannot be moved falls back to the room as well, and comes back", async () => {
    const booked = await bookAny(student, mentor);
    await run();
    const [meeting] = zoom.meetings;
    await reschedule(booked);
    for (let failure = 1; failure <= 4; failure++) {
      zoom.misbehave("fail_before", /PATCH/);
      await runLater();
    }
    expect(await read(booked)).toMatchObject({ ...room, meeting_from: "room" });
    await runLater();
    expect(await read(booked)).toMatchObject({ meeting_url: meeting?.join_url, meeting_from: "made" });
  });

  it("is made again when its owner deleted it at Zoom", async () => {
    const booked = await bookAny(student, mentor);
    await run();
    const [old] = zoom.meetings.splice(0);
    await reschedule(booked);
    await run();
    expect(zoom.meetings).toHaveLength(1);
    expect((await read(booked)).meeting_url).not.toBe(old?.join_url);
  });

  it("is refused for good with wrong keys: the room is used at once", async () => {
    const wrong = { zoom: { ...config.zoom, clientSecret: "another" }, jitsi: undefined };
    const booked = await bookAny(student, mentor);
    await run(openMeetings(wrong, testSecret, zoom.addresses));
    expect(await made(booked)).toMatchObject({ problem: "refused", is_unsure: false });
    expect(await inbox(mentor)).toContain("meeting_fell_back");
    await run(openMeetings(undefined, testSecret));
  });

  it("is held by a host that is free, and by none if all have sessions", async () => {
    const others = await Promise.all(
      [1, 2].map(() => test.makeMentor({ settings: { instant_confirm: true } })),
    );
    const booked = [await bookAny(student, mentor)];
    for (const other of others) {
      (await other.call("PUT", "/mentors/me/room", room)).expect(200);
      (await other.call("PUT", "/mentors/me/meeting-place", { kind: "zoom" })).expect(200);
      const [guest] = (await test.signUpCrowd(1)) as [Person];
      booked.push(await bookAny(guest, other));
    }
    expect(new Set(booked.map(({ starts_at }) => starts_at)).size).toBe(1);
    await run();
    expect(zoom.meetings.map(({ host }) => host).sort()).toEqual(hosts);
    const problems: unknown[] = [];
    for (const each of booked) problems.push((await made(each))?.["problem"]);
    expect(problems.filter((problem) => problem === "no_host_free")).toHaveLength(1);
  });

  it("gives way to a link that the mentor sets, and comes back", async () => {
    const booked = await bookAny(student, mentor);
    const own = { meeting_url: "https://other.example.com/once" };
    (await mentor.call("PUT", `/bookings/${booked.id}/meeting`, own)).expect(200);
    await run();
    expect(await read(booked)).toMatchObject({ ...own, meeting_note: null, meeting_from: "session" });
    const back = (await mentor.call("PUT", `/bookings/${booked.id}/meeting`, { meeting_url: null })).read(
      booking,
    );
    expect(back).toMatchObject({ meeting_url: zoom.meetings[0]?.join_url, meeting_from: "made" });
  });

  it("is waited for by the mail of the confirmation, which then has it, but not for ever", async () => {
    const booked = await bookAny(student, mentor);
    await runJobs(test.db, { meetings: { makers: {}, hosts: [] } });
    await test.db.owner.query("update private.made_meetings set fell_back_at = null, asked_at = now()");
    const claim = async () => {
      const { rows } = await test.db.owner.query<{ kind: string }>(
        "select d.kind from private.claim_deliveries(100, '0') c join private.deliveries d using (id) where d.content #>> '{booking,id}' = $1",
        [booked.id],
      );
      return rows.map(({ kind }) => kind);
    };
    expect(await claim()).not.toContain("booking_booked");
    await test.db.owner.query("update private.made_meetings set asked_at = now() - interval '4 minutes'");
    expect(await claim()).toContain("booking_booked");
  });

  it("is left alone once the session is over", async () => {
    const booked = await bookAny(student, mentor);
    await run();
    await moveBooking(test.db, booked.id, -4);
    await test.db.owner.query("select private.arrange_meeting($1, $2)", [
      mentor.id,
      await occupancyOf(booked),
    ]);
    zoom.calls.length = 0;
    await run();
    expect(zoom.calls).toEqual([]);
  });
});

it("needs a room to fall back to, which then cannot be removed", async () => {
  (await mentor.call("DELETE", "/mentors/me/room")).expect(204);
  (await mentor.call("PUT", "/mentors/me/meeting-place", { kind: "zoom" })).problem("room_needed");
  (await mentor.call("PUT", "/mentors/me/room", room)).expect(200);
  await choose({ kind: "zoom" });
  (await mentor.call("DELETE", "/mentors/me/room")).problem("room_needed");
  await choose({ kind: "link" });
  (await mentor.call("DELETE", "/mentors/me/room")).expect(204);
});
