import { readCalendarFile } from "../server/testing/calendarFile.ts";
import { at } from "./bookingSteps.ts";
import { book, dateAhead, makeMentor, Person } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

test("calendar feed: from a session to the account page, a change that shows up, the end of the address", {
  tag: "@long",
}, async ({ page, baseURL, look }) => {
  test.slow();
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const person = await Person.signUp("Bikram Thapa", baseURL!);
  const date = dateAhead(3);
  const booking = await book(person, mentor, { scheduled_date: date, scheduled_time: "14:00" });
  await signIn(page, person, `/sessions/${booking.id}`);
  await page.getByRole("button", { name: "Add to Calendar" }).click();
  const wide = page.viewportSize()!;
  await page.setViewportSize({ width: 360, height: 740 });
  await expect(page.getByRole("dialog").getByRole("link", { name: /^Outlook/ })).toHaveCount(2);
  await look("add-to-calendar-narrow");
  await page.getByRole("dialog").getByRole("link", { name: "Subscribe to all your sessions" }).click();
  await expect(page).toHaveURL("/account#calendar");

  const section = page.getByRole("region", { name: "Calendar feed", exact: true });
  await section.getByRole("button", { name: "Create private address" }).focus();
  await look("calendar-feed-off");
  await page.keyboard.press("Enter");
  const address = section.getByLabel("Private calendar address");
  await expect(address).toHaveValue(/\/calendar\/[\w-]{43}\.ics$/);
  const url = await address.inputValue();
  const openApp = section.getByRole("link", { name: "Open in calendar app" });
  await expect(openApp).toHaveAttribute("href", url.replace(/^http:/, "webcal:"));
  await look("calendar-feed-new-narrow");
  await page.setViewportSize(wide);
  await look("calendar-feed-new");

  const feed = new URL(url).pathname;
  const subscribe = async () => {
    const response = await page.request.get(feed);
    expect(response.status()).toBe(200);
    const { events } = readCalendarFile(await response.text());
    return { events, etag: response.headers().etag! };
  };
  const first = await subscribe();
  expect(first.events).toMatchObject([
    { uid: `${booking.id}@matepeak`, sequence: 0, status: "TENTATIVE", start: +at(date, "14:00") },
  ]);
  const again = await page.request.get(feed, { headers: { "if-none-match": first.etag } });
  expect(again.status()).toBe(304);
  await mentor.person.send("POST", `/bookings/${booking.id}/confirm`);
  await person.send("POST", `/bookings/${booking.id}/reschedule`, {
    scheduled_date: date,
    scheduled_time: "16:00",
  });
  expect((await subscribe()).events).toMatchObject([
    { uid: `${booking.id}@matepeak`, sequence: 2, status: "CONFIRMED", start: +at(date, "16:00") },
  ]);

  // It is shown once.
  await page.reload();
  await expect(section.getByText(/A calendar last used it/)).toBeVisible();
  await expect(address).toHaveCount(0);
  await look("calendar-feed-on");
  await section.getByRole("button", { name: "New address" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "New address" }).click();
  await expect(address).toHaveValue(/\/calendar\//);
  const newer = new URL(await address.inputValue()).pathname;
  expect((await page.request.get(feed)).status()).toBe(404);
  expect((await page.request.get(newer)).status()).toBe(200);

  await section.getByRole("button", { name: "Turn off" }).click();
  await look("calendar-feed-turn-off");
  await page.getByRole("dialog").getByRole("button", { name: "Turn off" }).click();
  await expect(section.getByRole("button", { name: "Create private address" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Calendar feed", exact: true })).toBeFocused();
  expect((await page.request.get(newer)).status()).toBe(404);
});
