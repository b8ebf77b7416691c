import type { Page } from "@playwright/test";
import type { Booking } from "#contract/bookings.ts";
import type { GroupSession } from "#contract/groupSessions.ts";
import { paidApp } from "./paidApp.ts";
import { decideGroup, letGroupBegin } from "./past.ts";
import { book, dateAhead, makeMentor, Person, type TestMentor } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

const service = {
  session_type: "groupSession",
  title: "Portfolio circle",
  description: "Bring one case study. We look at it together.",
  capacity: 6,
  min_attendees: 2,
  opens_by_booking: false,
  durations: [{ minutes: 60, price: 500 }],
} as const;

/** A mentor with a group service, in the app in which sessions are paid for. */
const makeHost = () =>
  makeMentor("Asha Rao", paidApp.address, {
    settings: { instant_confirm: true },
    service: { ...service, durations: [...service.durations], recording_price: null },
  });

/** Schedules a session as a script would. */
async function schedule(mentor: TestMentor): Promise<GroupSession> {
  const { data } = await mentor.person.send<{ data: [GroupSession] }>("POST", "/mentors/me/group-sessions", {
    service_id: mentor.service.id,
    duration: 60,
    scheduled_date: dateAhead(6),
    scheduled_time: "19:00",
  });
  return data[0];
}

/** Books a seat and pays for it, as a script would. */
async function join(mentor: TestMentor, session: GroupSession, name: string) {
  const person = await Person.signUp(name, paidApp.address);
  const seat = await book(person, mentor, {
    session_type: "groupSession",
    scheduled_date: dateAhead(6),
    scheduled_time: "19:00",
    starts_at: session.starts_at,
    total_amount: 500,
  });
  const { url } = await person.send<{ url: string }>("POST", `/bookings/${seat.id}/payment/checkout`);
  await person.api.post(`${url}/actions`, {
    form: { action: "pay_upi", return: "/" },
    maxRedirects: 0,
  });
  const read = () => person.send<Booking>("GET", `/bookings/${seat.id}`);
  await expect.poll(async () => (await read()).status).toBe("confirmed");
  return { person, seat, read };
}

const narrow = (page: Page) => page.setViewportSize({ width: 360, height: 740 });
const wide = (page: Page) => page.setViewportSize({ width: 1280, height: 800 });

test("a group is scheduled, is joined on its page, and reaches its minimum", async ({ page, look }) => {
  const mentor = await makeHost();
  await signIn(page, mentor.person, `${paidApp.address}/mentor/groups`);
  await page.getByRole("button", { name: "Schedule your first one" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Date", { exact: true }).fill(dateAhead(6));
  await dialog.getByLabel("Start time").fill("19:00");
  await dialog.getByLabel("Weeks").fill("3");
  await dialog.getByRole("checkbox").nth(1).uncheck();
  await look("group-schedule");
  await dialog.getByRole("button", { name: "Schedule 2 sessions" }).click();
  await expect(page.getByRole("heading", { name: "Upcoming 2" })).toBeVisible();
  const [session] = (await mentor.person.send<{ data: GroupSession[] }>("GET", "/mentors/me/group-sessions"))
    .data as [GroupSession];

  // The same dates again: the taken ones are named, and can be left out.
  await page.getByRole("button", { name: "Schedule sessions" }).click();
  await dialog.getByLabel("Date", { exact: true }).fill(dateAhead(6));
  await dialog.getByLabel("Start time").fill("19:00");
  await dialog.getByLabel("Weeks").fill("3");
  await dialog.getByRole("button", { name: "Schedule 3 sessions" }).click();
  await expect(dialog.getByText("You have another session then")).toHaveCount(2);
  await narrow(page);
  await look("group-clash-narrow");
  await wide(page);
  await dialog.getByRole("button", { name: "Leave these 2 dates out" }).click();
  await dialog.getByRole("button", { name: "Schedule session" }).click();
  await expect(page.getByRole("heading", { name: "Upcoming 3" })).toBeVisible();
  await narrow(page);
  await look("groups-narrow");
  await wide(page);

  const first = await join(mentor, session, "Ravi Shah");
  await first.person.send("PUT", `/bookings/${first.seat.id}/name`, { shows_name: true });
  const student = await Person.signUp("Nina Das", paidApp.address);
  await page.context().clearCookies();
  await signIn(page, student, `${paidApp.address}/mentors/${mentor.profile.username}/groups/${session.id}`);
  await expect(page.getByText("5 seats left")).toBeVisible();
  await expect(page.getByText(/^Takes place if 1 more person joins by .* \(your time\)\.$/)).toBeVisible();
  await look("group");
  await narrow(page);
  await look("group-narrow");
  await page.getByRole("button", { name: "Book a seat" }).click();
  await expect(dialog.getByText(/^Takes place if 1 more person joins/)).toBeVisible();
  await dialog.getByText("Show my name to the other attendees").click();
  await look("group-booking-narrow");
  await dialog.getByRole("button", { name: "Confirm booking" }).click();
  await page.getByRole("button", { name: "Pay ₹500" }).click();
  await page.getByRole("button", { name: "Pay by UPI" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "You’re booked" })).toBeVisible();

  const [seat] = (await student.send<{ data: [Booking] }>("GET", "/bookings")).data;
  await decideGroup(paidApp.dataDir, session.id);
  await page.goto(`${paidApp.address}/sessions/${seat.id}`);
  await expect(page.getByText("Takes place", { exact: true })).toBeVisible();
  await expect(page.getByText("Ravi Shah")).toBeVisible();
  await expect(page.getByRole("switch", { name: /Show my name/ })).toBeChecked();
  await look("group-seat-narrow");

  await wide(page);
  await page.context().clearCookies();
  await signIn(page, mentor.person, `${paidApp.address}/mentor/groups/${session.id}`);
  await expect(page.getByText("₹1,000 in bookings")).toBeVisible();
  await expect(page.getByRole("list").getByText("₹500 paid")).toHaveCount(2);
  await look("group-roster");
  await page.getByRole("button", { name: "Message everyone" }).click();
  await dialog.getByLabel("Message").fill("Bring a notebook.");
  await dialog.getByRole("button", { name: "Send message" }).click();
  await expect(page.getByText("Sent to 2 people")).toBeVisible();
  await letGroupBegin(paidApp.dataDir, session);
  await page.reload();
  await page.getByRole("button", { name: "Mark Ravi Shah as present" }).click();
  await page.getByRole("button", { name: "Mark Nina Das as absent" }).press("Enter");
  await expect(page.getByText("1 of 2 present")).toBeVisible();
  await narrow(page);
  await look("group-roster-narrow");
});

test("a group that misses its minimum is cancelled, and its seat is refunded", { tag: "@long" }, async ({
  page,
  look,
}) => {
  const mentor = await makeHost();
  const session = await schedule(mentor);
  const { person, read } = await join(mentor, session, "Ravi Shah");
  await signIn(page, person, `${paidApp.address}/mentors/${mentor.profile.username}/groups/${session.id}`);
  await expect(page.getByText(/^Takes place if 1 more person joins/)).toBeVisible();
  await decideGroup(paidApp.dataDir, session.id);
  // The page is live.
  await expect(page.getByText("Too few people joined, so this session was cancelled.")).toBeVisible();
  await look("group-cancelled");
  await expect.poll(async () => (await read()).payment_status).toMatch(/^refund/);
  const seat = await read();
  expect(seat.status).toBe("cancelled");
  await page.goto(`${paidApp.address}/sessions/${seat.id}`);
  await expect(page.getByText("Cancelled: too few people signed up")).toBeVisible();
  await expect(page.getByText("₹500 – refunded")).toBeVisible();
});
