import type { Booking } from "#contract/bookings.ts";
import { at } from "./bookingSteps.ts";
import { setClocks } from "./clocks.ts";
import { book, dateAhead, makeMentor, Person, password } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

const minutes = (count: number) => count * 60_000;

test("a student keeps a favourite, counts down to a session, joins it, and books it again in two clicks", {
  tag: "@long",
}, async ({ page, baseURL, look }) => {
  test.slow();
  const name = `Asha Rao ${Date.now().toString(36)}`;
  const mentor = await makeMentor(name, baseURL!, { settings: { instant_confirm: true } });
  await mentor.person.send("PUT", "/mentors/me/room", {
    meeting_url: "https://meet.example.com/asha",
    meeting_note: "Passcode 2718",
  });
  const [student, rival] = await Promise.all([
    Person.signUp("Bikram Thapa", baseURL!),
    Person.signUp("Chitra Sen", baseURL!),
  ]);
  const date = dateAhead(3);
  await book(student, mentor, { scheduled_date: date, scheduled_time: "10:00" });
  const start = at(date, "10:00").getTime();
  await page.clock.install({ time: new Date() });

  // A visitor's choice is applied after signing in.
  await page.goto(`/mentors/${mentor.profile.username}`);
  const heart = page.getByRole("button", { name: `Favourite: ${name}` });
  await expect(heart).toHaveAttribute("aria-pressed", "false");
  await heart.press("Space");
  await page.getByLabel("E-mail").fill(student.email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText(`${name} is now one of your favourites.`)).toBeVisible();
  await expect(heart).toHaveAttribute("aria-pressed", "true");
  // On the home page too; a failed change is undone and announced.
  await page.goto(`/?q=${encodeURIComponent(name)}`);
  await expect(heart).toHaveAttribute("aria-pressed", "true");
  await page.route("**/api/v1/me/favourites/*", (route) => route.abort());
  await heart.click();
  await expect(page.getByText(`Couldn’t remove ${name} from your favourites.`)).toBeVisible();
  await expect(heart).toHaveAttribute("aria-pressed", "true");
  await page.unroute("**/api/v1/me/favourites/*");
  await look("home-favourite");

  // The next session, twenty minutes before it.
  await page.goto("/sessions");
  const next = page.getByRole("region", { name: "Next session" });
  const timer = next.getByRole("timer");
  await expect(timer).toHaveText(/^in [23]\sdays( \d+\sh)?$/);
  const join = next.getByRole("button", { name: `Join session with ${name}` });
  await expect(join).toHaveAttribute("aria-disabled", "true");
  await expect(join).toHaveAccessibleDescription(/Join from .+, 10:00 am/);
  await setClocks(page, { server: new Date(start - minutes(20)) });
  // Seconds run in the last hour, but not with reduced motion.
  await page.emulateMedia({ reducedMotion: "reduce" });
  await expect(timer).toHaveText(/^in (20|19)\smin$/);
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await expect(timer).toHaveText(/^in 19\smin \d+\ss$/);
  await expect(join).toHaveAccessibleDescription("Join from 10:00 am");
  await expect(next).toContainText("Passcode 2718");
  const favourites = page.getByRole("region", { name: "Favourite mentors" });
  await expect(favourites.getByRole("link", { name })).toBeVisible();
  await look("dashboard");

  // The link opens automatically, and is announced once.
  await setClocks(page, { server: new Date(start - minutes(15) + 1000) });
  const way = next.getByRole("link", { name: `Join session with ${name} (opens in a new tab)` });
  await expect(way).toHaveAttribute("href", "https://meet.example.com/asha");
  await expect(way).toHaveAttribute("target", "_blank");
  await expect(way).toHaveAttribute("rel", /\bnoopener\b/);
  await expect(page.getByText("You can now join your session with Asha.", { exact: true })).toBeAttached();
  await setClocks(page, { server: new Date(start + minutes(10)) });
  await expect(timer).toHaveText(/^in 50\smin$/);
  await look("dashboard-under-way");

  // It is over: the same again, by keyboard.
  await setClocks(page, { server: new Date(start + minutes(61)) });
  const past = page.getByRole("region", { name: "Past and cancelled" });
  const again = past.getByRole("button", { name: `Book again with ${name}` });
  await again.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Book Asha again" });
  const same = dialog.getByRole("region", { name: "Same day and time as last time" }).getByRole("button");
  await expect(same).toHaveAttribute("aria-pressed", "true");
  await expect(same).toContainText(/10:15\sam/);
  await expect(same).toContainText(/10:00\sam for Asha/);
  await look("rebook");
  await dialog.getByRole("button", { name: "Book for ₹2,000" }).press("Enter");
  await expect(page.getByRole("heading", { name: "You’re booked" })).toBeVisible();
  const { data } = await student.send<{ data: Booking[] }>("GET", "/bookings?as=student");
  expect(data.map(({ starts_at }) => Date.parse(starts_at) - start)).toEqual([7 * 86_400_000, 0]);

  // In the meantime the suggested time is taken and the price goes up: nothing is booked without consent.
  await page.goto("/sessions");
  await again.click();
  const taken = Temporal.PlainDate.from(date).add({ days: 14 }).toString();
  await expect(same).toHaveAttribute("aria-pressed", "true");
  await page.waitForTimeout(500);
  await book(rival, mentor, { scheduled_date: taken, scheduled_time: "10:00" });
  await expect(dialog.getByRole("alert")).toContainText("That time was just taken");
  await expect(dialog.getByRole("button", { name: /^Book for/ })).toBeDisabled();
  await look("rebook-taken");
  await dialog.getByRole("region", { name: "Next available times" }).getByRole("button").nth(2).click();
  await mentor.person.send("PATCH", `/mentors/me/services/${mentor.service.id}`, {
    durations: [{ minutes: 60, price: 2500 }],
  });
  await dialog.getByRole("button", { name: "Book for ₹2,000" }).click();
  await expect(dialog.getByRole("alert")).toContainText("The price is now ₹2,500");
  await dialog.getByRole("button", { name: "Book for ₹2,500" }).click();
  await expect(page.getByRole("heading", { name: "You’re booked" })).toBeVisible();

  // The page shows what is no longer offered, with a link to what is.
  await mentor.person.send("PATCH", `/mentors/me/services/${mentor.service.id}`, { enabled: false });
  await page.goto("/sessions");
  await again.click();
  await expect(dialog).toContainText("Asha no longer offers “1:1 Session”.");
  await page.keyboard.press("Escape");
  await expect(again).toBeFocused();

  // A favourite that is dropped here goes, and the keyboard stays on the page.
  await heart.press("Enter");
  await expect(favourites).toContainText("Tap the heart");
  await expect(page.getByRole("heading", { name: "Favourite mentors" })).toBeFocused();
});

test("a mentor sets a meeting room and a link for one session; the student joins", { tag: "@long" }, async ({
  page,
  browser,
  baseURL,
  look,
}) => {
  test.slow();
  const mentor = await makeMentor("Asha Rao", baseURL!, { settings: { instant_confirm: true } });
  const student = await Person.signUp("Bikram Thapa", baseURL!);
  const date = dateAhead(2);
  const booking = await book(student, mentor, { scheduled_date: date, scheduled_time: "14:00" });

  const studentsBrowser = await browser.newContext();
  const desk = await studentsBrowser.newPage();
  await desk.clock.install({ time: new Date() });
  await signIn(desk, student, "/sessions");
  const next = desk.getByRole("region", { name: "Next session" });
  await expect(next).toContainText("Asha hasn’t added a meeting link yet. It’ll appear here.");
  // The stream has opened, which the page does not show.
  await desk.waitForTimeout(500);

  await signIn(page, mentor.person, "/mentor");
  await expect(page.getByText("No meeting link yet, so Bikram can’t join.")).toBeVisible();
  await look("workspace-no-room");
  await page.getByRole("link", { name: "Add your meeting room" }).click();
  const room = page.getByRole("form", { name: "Meeting room" });
  const url = room.getByLabel("Meeting link");
  await expect(url).toBeFocused();
  await url.fill("http://meet.example.com/asha");
  await url.press("Enter");
  await expect(url).toHaveAccessibleDescription(/Use a full link that begins with https:\/\/\./);
  await expect(url).toBeFocused();
  await look("workspace-room-error");
  await url.fill("meet.example.com/asha");
  await room.getByLabel("Note (optional)").fill("Passcode 2718");
  await room.getByRole("button", { name: "Save room" }).click();
  await expect(page.getByText("Meeting room saved")).toBeVisible();
  await expect(url).toHaveValue("https://meet.example.com/asha");

  // The student's page was open all the time.
  await expect(next.getByRole("button", { name: "Join session with Asha Rao" })).toBeVisible();
  await expect(next).toContainText("Passcode 2718");
  await next.getByRole("link", { name: /^Details/ }).click();
  await expect(desk.getByRole("heading", { level: 1 })).toContainText("1:1 Session with Asha Rao");

  await page.goto(`/sessions/${booking.id}`);
  await expect(page.getByText("https://meet.example.com/asha")).toBeVisible();
  await page.getByRole("button", { name: "Use another link" }).click();
  const dialog = page.getByRole("dialog", { name: "Link for this session" });
  await dialog.getByLabel("Meeting link").fill("https://meet.example.com/once");
  await look("session-link-dialog");
  await dialog.getByRole("button", { name: "Save link" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("For this session only.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Change link" })).toBeFocused();
  await look("session-mentor-link");

  // Ten minutes before, the student walks in; the note of the room does not go with another link.
  await setClocks(desk, { server: new Date(at(date, "14:00").getTime() - minutes(10)) });
  const way = desk.getByRole("link", { name: /^Join session with Asha Rao/ });
  await expect(way).toHaveAttribute("href", "https://meet.example.com/once");
  await expect(desk.getByText("Passcode 2718")).toHaveCount(0);
  await studentsBrowser.route("https://meet.example.com/**", (route) =>
    route.fulfill({ contentType: "text/html", body: "<script>document.title = String(opener)</script>" }),
  );
  const [meeting] = await Promise.all([studentsBrowser.waitForEvent("page"), way.click()]);
  await expect(meeting).toHaveURL("https://meet.example.com/once");
  await expect(meeting).toHaveTitle("null");
  await studentsBrowser.close();
});
