import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { mentorWithServices, savedMentor } from "#contract/mentors.ts";
import { slotAnswer } from "#contract/slots.ts";
import { timeRequest } from "#contract/timeRequests.ts";
import { bookAny, dateIn, readSlots } from "../testing/booking.ts";
import { daily, type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
let mentor: Mentor;
let student: Person;
beforeAll(async () => {
  test = await openTestApp();
});
beforeEach(async () => {
  mentor = await test.makeMentor({ windows: daily("09:00", "12:00"), settings: { instant_confirm: true } });
  [student] = (await test.signUpCrowd(1)) as [Person];
});
afterAll(() => test.close());

const change = (wish: object) => mentor.call("PATCH", "/mentors/me", wish);
const pause = async () => (await change({ accepting_bookings: false })).expect(200);
const offered = () => readSlots(student.call, mentor, { from: dateIn(mentor, 3) });

describe("a mentor who takes no new bookings", () => {
  it("offers nothing, gives the reason, and rejects starts offered before", async () => {
    const [slot] = await offered();
    if (!slot) throw new Error("Nothing was offered.");
    await pause();
    expect(await offered()).toEqual([]);
    const day = dateIn(mentor, 3);
    const answer = (
      await test.visitor("GET", `/mentors/${mentor.id}/slots?from=${day}&to=${day}&duration=60`)
    ).read(slotAnswer);
    expect(answer.days).toEqual([{ date: day, slots: [], reason: "paused" }]);
    const refused = await student.call("POST", "/bookings", {
      expert_id: mentor.id,
      session_type: "oneOnOneSession",
      duration: 60,
      total_amount: 2000,
      scheduled_date: slot.date,
      scheduled_time: slot.time,
    });
    refused.problem("slot_unavailable");
    expect(refused.json).toMatchObject({ detail: "The mentor isn’t taking new bookings right now." });
    expect((await test.visitor("GET", `/mentors/${mentor.id}`)).read(mentorWithServices)).toMatchObject({
      accepting_bookings: false,
    });
  });

  it("keeps what is booked, which can still be moved and cancelled", async () => {
    const booked = await bookAny(student, mentor);
    await pause();
    const { json } = await student.call(
      "GET",
      `/bookings/${booked.id}/slots?from=${dateIn(mentor, 4)}&to=${dateIn(mentor, 4)}`,
    );
    const free = slotAnswer.parse(json).days[0]?.slots[0];
    (
      await student.call("POST", `/bookings/${booked.id}/reschedule`, {
        scheduled_date: dateIn(mentor, 4),
        scheduled_time: free?.time,
      })
    ).expect(200);
    (await mentor.call("POST", `/bookings/${booked.id}/cancel`)).expect(200);
  });

  it("gets no new requests for other times, and can still accept one that was there", async () => {
    const asking = (who: Person) =>
      who.call("POST", "/time-requests", {
        expert_id: mentor.id,
        service_id: mentor.services[0]?.id,
        duration: 60,
        total_amount: 2000,
        starts_at: [`${dateIn(mentor, 5)}T15:30:00Z`],
      });
    const open = (await asking(student)).expect(201).read(timeRequest);
    await pause();
    const [late] = (await test.signUpCrowd(1)) as [Person];
    (await asking(late)).problem("slot_unavailable");
    const accepted = await mentor.call("POST", `/time-requests/${open.id}/accept`, {
      proposal_id: open.proposals[0]?.id,
    });
    expect(accepted.expect(200).read(timeRequest).status).toBe("accepted");
  });

  it("offers the same times again afterwards", async () => {
    const before = await offered();
    await pause();
    expect(await offered()).toEqual([]);
    expect((await change({ accepting_bookings: true })).read(savedMentor).accepting_bookings).toBe(true);
    expect(await offered()).toEqual(before);
  });
});
