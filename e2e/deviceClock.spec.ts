import { HOUR_MS } from "#scheduling/units.ts";
import { at, BookingSteps } from "./bookingSteps.ts";
import { setClocks } from "./clocks.ts";
import { book, dateAhead, makeMentor, Person } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

test("a device's clock that is wrong decides neither who may join nor what has been held", {
  tag: "@long",
}, async ({ page, baseURL }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!, { settings: { instant_confirm: true } });
  await mentor.person.send("PUT", "/mentors/me/room", { meeting_url: "https://meet.example.com/asha" });
  const student = await Person.signUp("Bikram Thapa", baseURL!);
  const date = dateAhead(3);
  const { id } = await book(student, mentor, { scheduled_date: date, scheduled_time: "10:00" });
  const start = at(date, "10:00").getTime();
  const afterTheEnd = new Date(start + 2 * HOUR_MS);

  // The device is days ahead from the start; the server's time is right.
  await page.clock.install({ time: afterTheEnd });
  await signIn(page, student, `/sessions/${id}`);
  const timer = page.getByRole("timer");
  await expect(timer).toHaveText(/^in [23]\sdays( \d+\sh)?$/);
  const main = page.getByRole("main");
  await expect(main.getByText("Confirmed", { exact: true })).toBeVisible();
  await expect(page.getByText("Did Asha not come?")).toHaveCount(0);
  await page.goto("/sessions");
  await expect(page.getByRole("region", { name: "Next session" })).toContainText("Asha Rao");
  await expect(page.getByText("Ended", { exact: true })).toHaveCount(0);

  // Ten minutes before, the way in is open, however the device's clock is set while the page is open.
  await page.goto(`/sessions/${id}`);
  const server = new Date(start - 10 * 60_000);
  const way = page.getByRole("link", { name: /^Join session with Asha Rao/ });
  for (const device of [server, new Date(start - 3 * HOUR_MS), afterTheEnd]) {
    await setClocks(page, { server, device });
    await expect(timer).toHaveText(/^in (10|9)\smin/);
    await expect(way).toHaveAttribute("href", "https://meet.example.com/asha");
  }
  await expect(page.getByText("Did Asha not come?")).toHaveCount(0);
});

for (const [name, days, isLong] of [
  ["ahead", 3, true],
  ["behind", -40, false],
] as const)
  test(`a device whose clock is days ${name} is offered the same times, and books one`, {
    tag: isLong ? ["@long"] : [],
  }, async ({ page, baseURL }) => {
    const mentor = await makeMentor("Asha Rao", baseURL!);
    const student = await Person.signUp("Bikram Thapa", baseURL!);
    await page.clock.install({ time: new Date(Date.now() + days * 24 * HOUR_MS) });
    await signIn(page, student, `/mentors/${mentor.profile.username}`);
    const steps = new BookingSteps(page);
    await steps.open(mentor);
    await steps.chooseLength(/^60 min/);
    const date = dateAhead(2);
    await steps.chooseDay(date);
    await steps.chooseTime(at(date, "10:00"));
    await steps.confirm();
    await expect(page).toHaveURL(/\/booking-success\?id=/);
  });
