import { at, BookingSteps } from "./bookingSteps.ts";
import { invitationIn, linkIn, type Mail, mailTo } from "./mailbox.ts";
import { book, dateAhead, makeMentor, Person } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

/** METHOD, UID, SEQUENCE, STATUS and start of a mail's invitation. */
function entryOf(mail: Mail) {
  const read = invitationIn(mail);
  return (
    read && {
      method: read("METHOD"),
      uid: read("UID"),
      sequence: Number(read("SEQUENCE")),
      status: read("STATUS"),
      start: read("DTSTART"),
      attendee: read("ATTENDEE"),
      organizer: read("ORGANIZER"),
    }
  );
}

test("a session in two mailboxes: requested, confirmed, rescheduled and cancelled by the links in the mails", async ({
  page,
  request,
  baseURL,
}) => {
  test.slow();
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const student = await Person.signUp("Bikram Thapa", baseURL!);
  await student.send("PATCH", "/me", { timezone: "Asia/Kathmandu" });
  const date = dateAhead(3);
  const session = await book(student, mentor, {
    scheduled_date: date,
    scheduled_time: "14:00",
    timezone: "Asia/Kolkata",
  });

  const asked = await mailTo(request, mentor.person.email, /request/i);
  expect(asked.text).toContain("Bikram Thapa");
  expect(asked.text).toContain("14:00");
  expect(asked.text).toContain("14:15");
  expect(asked.text).not.toContain(student.email);
  // Nothing belongs into a calendar before it is agreed.
  expect(entryOf(asked)).toBeUndefined();
  const sent = await mailTo(request, student.email, /request/i);
  expect(entryOf(sent)).toBeUndefined();

  // Agreeing to a session needs the mentor's login.
  await signIn(page, mentor.person, linkIn(asked, "/sessions/"));
  await page.getByRole("button", { name: /^Approve/ }).click();
  await expect(page.getByText("Confirmed").first()).toBeVisible();
  await page.context().clearCookies();

  const confirmed = await mailTo(request, student.email, /^Confirmed/);
  const first = entryOf(confirmed)!;
  expect(first).toMatchObject({ method: "REQUEST", status: "CONFIRMED", uid: `${session.id}@matepeak` });
  expect(first.attendee.toLowerCase()).toContain(student.email.toLowerCase());
  expect(first.organizer).not.toContain(student.email);
  expect(first.start).toBe(`${date.replaceAll("-", "")}T141500`);
  const own = entryOf(await mailTo(request, mentor.person.email, /^(Confirmed|You confirmed|Booked)/i))!;
  expect(own.start).toBe(`${date.replaceAll("-", "")}T140000`);
  expect(own.uid).toBe(first.uid);

  // The student moves it by the link in the mail.
  await page.goto(linkIn(confirmed, "/manage"));
  await page.getByRole("button", { name: /^Reschedule/ }).click();
  const steps = new BookingSteps(page);
  await steps.chooseDay(date);
  await steps.time(at(date, "15:00"), "Asia/Kathmandu").click();
  await steps.dialog.getByRole("button", { name: "Continue" }).click();
  await steps.dialog.getByRole("button", { name: "Reschedule session" }).click();
  await expect(steps.dialog).toBeHidden();

  const moved = await mailTo(request, mentor.person.email, /resched|moved|new time/i);
  expect(moved.text).toContain("14:00");
  expect(moved.text).toContain("15:00");
  const second = entryOf(moved)!;
  expect(second).toMatchObject({
    method: "REQUEST",
    uid: first.uid,
    start: `${date.replaceAll("-", "")}T150000`,
  });
  expect(second.sequence).toBeGreaterThan(first.sequence);

  await mentor.person.send("POST", `/bookings/${session.id}/cancel`, { reason: "I am ill, sorry" });
  const cancelled = await mailTo(request, student.email, /^Cancelled/i);
  expect(cancelled.text).toContain("I am ill, sorry");
  const last = entryOf(cancelled)!;
  expect(last).toMatchObject({ method: "CANCEL", status: "CANCELLED", uid: first.uid });
  expect(last.sequence).toBeGreaterThan(second.sequence);

  // One thread in each mailbox.
  const threads = [asked, moved].map(({ headers }) => headers.find((line) => line.startsWith("References:")));
  expect(new Set(threads).size).toBe(1);
});

test("the local mailbox shows a mail as it looks, as text, and what it is made of", { tag: "@long" }, async ({
  page,
  baseURL,
  request,
  look,
}) => {
  const mentor = await makeMentor("Asha Rao", baseURL!, { settings: { instant_confirm: true } });
  const student = await Person.signUp("Noor <b>Haddad</b>", baseURL!);
  await book(student, mentor, {
    scheduled_date: dateAhead(2),
    scheduled_time: "10:00",
    timezone: "Asia/Kolkata",
  });
  const { subject } = await mailTo(request, student.email, /Asha/);
  await page.goto("/dev/mail");
  await look("mailbox");
  await page
    .getByRole("link", { name: new RegExp(student.email.replaceAll(".", "\\.")) })
    .first()
    .click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Asha");
  await expect(page.getByText("Auto-Submitted: auto-generated")).toBeVisible();
  await expect(page.getByText("BEGIN:VCALENDAR").first()).toBeVisible();
  const framed = page.frameLocator("iframe");
  await expect(framed.locator("body")).toContainText("Asha Rao");
  expect(subject).toBeTruthy();
  await look("mailbox-mail");
});
