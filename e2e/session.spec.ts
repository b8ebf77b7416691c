import type { Page } from "@playwright/test";
import type { BookingLink } from "#contract/bookings.ts";
import { at, BookingSteps } from "./bookingSteps.ts";
import { book, dateAhead, freeTimes, makeMentor, Person, type TestMentor } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

const student = "Asia/Kathmandu";

/** A student with a request at 14:00 in Kolkata, which is 14:15 in Kathmandu. */
async function someSession(baseURL: string, service: Parameters<typeof makeMentor>[2] = {}) {
  const mentor = await makeMentor("Asha Rao", baseURL, service);
  const person = await Person.signUp("Bikram Thapa", baseURL);
  const date = dateAhead(3);
  const booking = await book(person, mentor, {
    scheduled_date: date,
    scheduled_time: "14:00",
    timezone: "Asia/Kolkata",
    message: "How do I become a staff engineer?",
  });
  return { mentor, person, date, booking };
}

const history = (page: Page) => page.getByRole("region", { name: "History" }).getByRole("listitem");

/** Chooses another time in the open dialog and moves the session there. */
async function moveTo(page: Page, date: string, time: string, zone = student, reason?: string) {
  const steps = new BookingSteps(page);
  await expect(steps.dialog.getByRole("heading", { name: "Pick a new time" })).toBeVisible();
  await steps.chooseDay(date);
  await steps.time(at(date, time), zone).click();
  await steps.dialog.getByRole("button", { name: "Continue" }).click();
  await expect(steps.dialog.getByRole("heading", { name: "Reschedule to this time?" })).toBeVisible();
  if (reason) await steps.dialog.getByLabel(/Message for/).fill(reason);
  return steps.dialog.getByRole("button", { name: "Reschedule session" });
}

async function linkOf(person: Person, id: string): Promise<string> {
  const { url } = await person.send<BookingLink>("POST", `/bookings/${id}/link`);
  return url.slice(url.indexOf("/manage"));
}

test("a student moves a session and reads both times and its history", async ({ page, baseURL, look }) => {
  test.slow();
  const { mentor, person, date, booking } = await someSession(baseURL!);
  await signIn(page, person, "/sessions");
  await page.getByRole("link", { name: "Details of the session with Asha Rao" }).click();
  await expect(page).toHaveURL(`/sessions/${booking.id}`);
  await expect(page.getByRole("heading", { level: 1, name: "1:1 Session with Asha Rao" })).toBeVisible();
  await expect(page.getByText(/2:15\s–\s3:15\spm/i)).toBeVisible();
  await expect(page.getByText(/2:00\s–\s3:00\spm/i)).toBeVisible();
  await expect(page.getByText("You can cancel or reschedule until it starts.")).toBeVisible();
  await expect(history(page)).toHaveText([/You requested this session/]);
  await look("session-student");

  await page.getByRole("button", { name: "Reschedule session with Asha Rao" }).click();
  const dialog = page.getByRole("dialog", { name: "Reschedule" });
  await expect(dialog.getByText("Current time")).toBeVisible();
  await look("reschedule-1-times");
  // Times that overlap its own are among those on offer; its own is not, for it would change nothing.
  await new BookingSteps(page).chooseDay(date);
  await expect(new BookingSteps(page).time(at(date, "14:30"), student).first()).toBeVisible();
  await expect(new BookingSteps(page).time(at(date, "14:00"), student)).toHaveCount(0);
  const move = await moveTo(page, date, "14:30", student, "A lecture until two");
  await expect(dialog.getByRole("definition").filter({ hasText: /2:45\spm/i })).toBeVisible();
  await look("reschedule-2-confirm");
  await move.click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText(/2:45\s–\s3:45\spm/i)).toBeVisible();
  await expect(history(page).last()).toContainText("You rescheduled the session");
  await expect(history(page).last()).toContainText("A lecture until two");
  await expect(page.getByRole("button", { name: "Reschedule session with Asha Rao" })).toBeFocused();
  expect(await freeTimes(mentor, date)).not.toContain("14:00");
  expect(await freeTimes(mentor, date)).toContain("13:30");
});

test("a time that is taken in the meantime: the old one stays, others are offered", { tag: "@long" }, async ({
  page,
  baseURL,
  look,
}) => {
  const { mentor, person, date, booking } = await someSession(baseURL!);
  const rival = await Person.signUp("Chitra Sen", baseURL!);
  await signIn(page, person, `/sessions/${booking.id}`);
  await page.getByRole("button", { name: /^Reschedule/ }).click();
  const move = await moveTo(page, date, "10:00");
  await book(rival, mentor, { scheduled_date: date, scheduled_time: "10:00" });
  await move.click();
  const dialog = page.getByRole("dialog", { name: "Reschedule" });
  await expect(dialog.getByRole("alert")).toContainText(
    "Your session keeps its current time. These times are available next:",
  );
  await look("reschedule-3-taken");
  await dialog.getByRole("alert").getByRole("button").first().click();
  await dialog.getByRole("button", { name: "Continue" }).click();
  await dialog.getByRole("button", { name: "Reschedule session" }).click();
  await expect(dialog).toBeHidden();
  await expect(history(page)).toHaveCount(2);
});

test("the mentor sees the same page from the other side", async ({ page, baseURL, look }) => {
  const { mentor, date, booking } = await someSession(baseURL!);
  await signIn(page, mentor.person, "/mentor/requests");
  await page.getByRole("link", { name: "Details of the session with Bikram Thapa" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "1:1 Session with Bikram Thapa" })).toBeVisible();
  await expect(page.getByText("What Bikram would like to talk about")).toBeVisible();
  await look("session-mentor");
  await page.getByRole("button", { name: /^Approve/ }).click();
  await expect(history(page).last()).toContainText("You approved the request");
  // Not yet, with the reason on the page and for screen readers.
  const complete = page.getByRole("button", { name: /^Mark as completed/ });
  await expect(complete).toHaveAttribute("aria-disabled", "true");
  await expect(complete).toHaveAccessibleDescription("You can mark the session as completed once it’s over.");
  await page.getByRole("button", { name: /^Reschedule/ }).click();
  await (await moveTo(page, date, "09:00", "Asia/Kolkata")).click();
  await expect(page.getByText(/9:00\s–\s10:00\sam/i)).toBeVisible();
  await page.getByRole("button", { name: /^Cancel/ }).click();
  await page
    .getByRole("dialog")
    .getByLabel(/Message/)
    .fill("I am ill, sorry");
  await page.getByRole("dialog").getByRole("button", { name: "Cancel session" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(history(page)).toHaveText([
    /Bikram requested this session/,
    /You approved the request/,
    /You rescheduled the session/,
    /You cancelled the session/,
  ]);
  await expect(page.getByRole("button", { name: /^Reschedule/ })).toHaveCount(0);
  await look("session-cancelled");
  expect((await mentor.person.send<{ status: string }>("GET", `/bookings/${booking.id}`)).status).toBe(
    "cancelled",
  );
});

test("a signed link moves and cancels without a login", async ({ page, baseURL, look }) => {
  const { person, date, booking } = await someSession(baseURL!);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(await linkOf(person, booking.id));
  await expect(page.getByRole("heading", { level: 1, name: "1:1 Session with Asha Rao" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Create link" })).toHaveCount(0);
  // For whom the page acts, and that the other party is notified.
  await expect(page.getByText(`You’re acting for ${person.name}`)).toBeVisible();
  await look("manage");

  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Add to Calendar" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Calendar file (.ics)" }).click();
  expect((await download).suggestedFilename()).toBe(`matepeak-${booking.id.slice(-8)}.ics`);
  await page.keyboard.press("Escape");

  // As links in mails do: straight to a step.
  const [path, token] = (await linkOf(person, booking.id)).split("#");
  await page.goto(`${path}?do=calendar#${token}`);
  await expect(page.getByRole("dialog", { name: "Add to Calendar" })).toBeVisible();
  await page.goto(`${path}?do=cancel#${token}`);
  await expect(page.getByRole("dialog", { name: "Withdraw this request?" })).toBeVisible();
  await page.goto(`${path}?do=reschedule#${token}`);
  await expect(page.getByRole("dialog", { name: "Reschedule" })).toBeVisible();
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: /^Reschedule/ }).click();
  await (await moveTo(page, date, "16:00")).click();
  await expect(page.getByText(/4:15\s–\s5:15\spm/i)).toBeVisible();
  await page.getByRole("button", { name: /^Withdraw request/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Withdraw request" }).click();
  await expect(history(page).last()).toContainText("You withdrew the request");
  await expect(page.getByText("Cancelled", { exact: true })).toBeVisible();
  // The token is in no requested address.
  expect(asked.filter((address) => new URL(address).href.split("#")[0]!.includes("v1.student."))).toEqual([]);
});

test("a broken link shows why", async ({ page, baseURL, look }) => {
  const { person, booking } = await someSession(baseURL!);
  const link = await linkOf(person, booking.id);
  await page.goto(`${link.slice(0, -3)}AAA`);
  await expect(page.getByRole("heading", { name: "This link has expired or isn’t valid" })).toBeVisible();
  await look("manage-invalid");
  await page.goto("/manage");
  await expect(page.getByRole("heading", { name: "This link has expired or isn’t valid" })).toBeVisible();
});

test("the link can be copied on the page, and opens it in another browser", { tag: "@long" }, async ({
  page,
  baseURL,
  browser,
  context,
  look,
}) => {
  const { person, booking } = await someSession(baseURL!);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await signIn(page, person, `/sessions/${booking.id}`);
  // What the link allows is shown before it can be copied, and separately from the calendar entry.
  const link = page.getByRole("region", { name: "Manage without signing in" });
  const create = link.getByRole("button", { name: "Create link" });
  await expect(create).toHaveAccessibleDescription(
    /Anyone with this link can see, reschedule and cancel this session in your name/,
  );
  await expect(link.getByRole("button", { name: "Add to Calendar" })).toHaveCount(0);
  await page.evaluate(() => navigator.clipboard.writeText("before"));
  await create.click();
  const field = page.getByLabel("Manage-without-sign-in link");
  await expect(field).toHaveValue(/\/manage#v1\.student\./);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("before");
  await look("session-link");
  await link.getByRole("button", { name: /^Copy/ }).click();
  await expect(link.getByRole("button", { name: /^Copied/ })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await field.inputValue());
  const stranger = await (await browser.newContext({ baseURL: baseURL! })).newPage();
  await stranger.goto(await field.inputValue());
  await expect(stranger.getByRole("heading", { level: 1, name: "1:1 Session with Asha Rao" })).toBeVisible();

  // And taken back.
  await link.getByRole("button", { name: "Turn off links you created" }).click();
  await expect(page.getByText("Links you created for this session no longer work.")).toBeVisible();
  await expect(create).toBeVisible();
  await stranger.reload();
  await expect(stranger.getByRole("heading", { name: "This link has expired or isn’t valid" })).toBeVisible();
  await create.click();
  await stranger.goto("/");
  await stranger.goto(await field.inputValue());
  await expect(stranger.getByRole("heading", { level: 1, name: "1:1 Session with Asha Rao" })).toBeVisible();
  await stranger.context().close();
});

test("the cut-off is shown before booking, and afterwards as the reason", async ({ page, baseURL, look }) => {
  const strict = { service: { cancel_cutoff: 2880, reschedule_cutoff: 43_200 } };
  const { mentor, person, booking } = await someSession(baseURL!, strict);
  const words = "You can cancel until 2 days before, and reschedule until 30 days before.";
  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await expect(steps.dialog.getByText(words)).toBeVisible();
  await signIn(page, person, `/sessions/${booking.id}`);
  await expect(page.getByText(words)).toBeVisible();
  const move = page.getByRole("button", { name: /^Reschedule/ });
  await expect(move).toHaveAttribute("aria-disabled", "true");
  await expect(move).toHaveAccessibleDescription("Rescheduling closed 30 days before the session.");
  await move.press("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^Withdraw request/ })).not.toHaveAttribute("aria-disabled");
  await look("session-cutoff");
});

test("a mentor sets the cut-offs of a service", { tag: "@long" }, async ({ page, baseURL, look }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  await signIn(page, mentor.person, `/mentor/services/${mentor.service.id}`);
  await page.getByLabel("Students can cancel").selectOption({ label: "Until 24 hours before" });
  await page.getByLabel("Students can reschedule").selectOption({ label: "Until 2 hours before" });
  await expect(
    page.getByText(/You can cancel until 24 hours before, and reschedule until 2 hours before/),
  ).toBeVisible();
  await look("service-cutoffs");
  await page.getByRole("button", { name: "Save service" }).click();
  await expect.poll(() => cutoffsOf(mentor)).toEqual([1440, 120]);
});

test("another's session is not there", async ({ page, baseURL }) => {
  const { booking } = await someSession(baseURL!);
  const stranger = await Person.signUp("Dolma Lama", baseURL!);
  await signIn(page, stranger, `/sessions/${booking.id}`);
  await expect(page.getByRole("heading", { name: "We can’t find this session" })).toBeVisible();
});

test("a whole move by keyboard, on a narrow phone", { tag: "@long" }, async ({ page, baseURL, look }) => {
  test.slow();
  const { person, date, booking } = await someSession(baseURL!);
  await page.setViewportSize({ width: 320, height: 640 });
  await signIn(page, person, `/sessions/${booking.id}`);
  await page.getByRole("button", { name: /^Reschedule/ }).press("Enter");
  const steps = new BookingSteps(page);
  await steps.chooseDay(date);
  await steps.time(at(date, "11:00"), student).press("Enter");
  await look("reschedule-320");
  await steps.dialog.getByRole("button", { name: "Continue" }).press("Enter");
  await expect(steps.dialog.getByRole("heading", { name: "Reschedule to this time?" })).toBeFocused();
  await steps.dialog.getByRole("button", { name: "Reschedule session" }).press("Enter");
  await expect(page.getByText(/11:15\sam\s–\s12:15\spm/i)).toBeVisible();
  await look("session-320");
});

async function cutoffsOf({ person, profile }: TestMentor): Promise<number[]> {
  const { services } = await person.send<{
    services: { cancel_cutoff: number; reschedule_cutoff: number }[];
  }>("GET", `/mentors/${profile.username}`);
  return services.flatMap(({ cancel_cutoff, reschedule_cutoff }) => [cancel_cutoff, reschedule_cutoff]);
}

test("a mentor chooses where sessions take place; the student reads it before and after", {
  tag: "@long",
}, async ({ page, browser, baseURL, look }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!, { settings: { instant_confirm: true } });
  const student = await Person.signUp("Bikram Thapa", baseURL!);
  await signIn(page, mentor.person, "/mentor/profile");
  const form = page.getByRole("form", { name: "How sessions take place" });
  await form.getByLabel("Where you meet").selectOption("In person");
  await form.getByRole("button", { name: "Save place" }).click();
  const address = form.getByLabel("Address", { exact: true });
  await expect(address).toHaveAccessibleDescription(/Enter the address\./);
  await address.fill("12 MG Road\nBengaluru");
  await form.getByLabel("Map link").fill("maps.example.com/12");
  await look("workspace-place");
  await form.getByRole("button", { name: "Save place" }).click();
  await expect(page.getByText("Confirmed sessions stay as they are.")).toBeVisible();

  const desk = await (await browser.newContext()).newPage();
  await signIn(desk, student, "/sessions");
  const steps = new BookingSteps(desk);
  await steps.open(mentor);
  await steps.chooseLength("60 min");
  await steps.chooseDay(dateAhead(3));
  await steps.chooseTime(at(dateAhead(3), "14:00"));
  await expect(
    steps.dialog.getByText("In person: you see the address once the session is confirmed"),
  ).toBeVisible();
  const slot = await book(student, mentor, { scheduled_date: dateAhead(2), scheduled_time: "14:00" });
  await desk.goto(`/sessions/${slot.id}`);
  await expect(desk.getByText("12 MG Road")).toBeVisible();
  await expect(desk.getByRole("link", { name: "Open the map (opens in a new tab)" })).toHaveAttribute(
    "href",
    "https://maps.example.com/12",
  );
  await desk.context().close();
});
