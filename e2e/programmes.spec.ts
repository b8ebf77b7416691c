import type { Page } from "@playwright/test";
import type { Programme } from "#contract/programmes.ts";
import type { Series } from "#contract/series.ts";
import { paidApp } from "./paidApp.ts";
import { dateAhead, makeMentor, Person } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

const narrow = (page: Page) => page.setViewportSize({ width: 360, height: 740 });
const wide = (page: Page) => page.setViewportSize({ width: 1280, height: 800 });

test("a programme of eight weeks, one of them on another date, is booked and paid as one", {
  tag: "@long",
}, async ({ page, look }) => {
  const mentor = await makeMentor("Asha Rao", paidApp.address, {
    settings: { instant_confirm: true },
    service: {
      session_type: "groupSession",
      title: "Portfolio circle",
      capacity: 6,
      durations: [{ minutes: 60, price: 700 }],
      recording_price: null,
    },
  });
  await signIn(page, mentor.person, `${paidApp.address}/mentor/groups`);
  await page.getByRole("button", { name: "Schedule your first one" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Date", { exact: true }).fill(dateAhead(6));
  await dialog.getByLabel("Start time").fill("19:00");
  await dialog.getByLabel("Weeks").fill("8");
  await dialog.getByText("Offer them as one programme").click();
  await dialog.getByLabel("Name of the programme").fill("A portfolio in eight weeks");
  await dialog.getByLabel("Price for all sessions").fill("4,000");
  await narrow(page);
  await look("programme-schedule-narrow");
  await wide(page);
  await dialog.getByRole("button", { name: "Schedule 8 sessions as a programme" }).click();
  await expect(page.getByRole("heading", { name: "Programmes 1" })).toBeVisible();
  await look("programmes");
  const { data } = await mentor.person.send<{ data: [Programme] }>("GET", "/mentors/me/programmes");
  const third = data[0].sessions[2];

  // The third week on the day after.
  await page.goto(`${paidApp.address}/mentor/groups/${third?.group_session_id}`);
  await page.getByRole("button", { name: "Move", exact: true }).click();
  await dialog.getByLabel("Date", { exact: true }).fill(dateAhead(21));
  // Said before it is sent: the hours of this mentor end at 17:00.
  await dialog.getByLabel("Start time").fill("19:30");
  await expect(dialog.getByText("Outside your hours")).toBeVisible();
  await look("programme-move");
  await dialog.getByLabel("Start time").fill("18:00");
  await dialog.getByRole("button", { name: "Move session" }).click();
  await expect(page.getByText("Session moved")).toBeVisible();

  // Its words and seats.
  await page.goto(`${paidApp.address}/mentor/programmes/${data[0].id}`);
  await page.getByRole("button", { name: "Edit" }).click();
  await dialog.getByLabel("Description").fill("One case study a week.");
  await dialog.getByLabel("Seats").fill("5");
  await look("programme-edit");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Programme changed")).toBeVisible();
  await expect(page.getByText("0 of 5 places taken")).toBeVisible();
  // None of its sessions has a booking, and the month shows them.
  await page.goto(`${paidApp.address}/mentor/sessions?view=month&date=${dateAhead(6)}`);
  await expect(
    page.getByRole("link", { name: /Portfolio circle ?, 0 of 5 seats taken/ }).first(),
  ).toBeVisible();
  await look("programme-month");

  await mentor.person.send("POST", "/mentors/me/coupons", { code: "TEN", percent: 10 });
  const student = await Person.signUp("Nina Das", paidApp.address);
  await page.context().clearCookies();
  // The mentor's page lists it.
  await page.goto(`${paidApp.address}/mentors/${mentor.profile.username}`);
  await page.getByRole("link", { name: /A portfolio in eight weeks/ }).click();
  await expect(page.getByText("One case study a week.")).toBeVisible();
  // A session of it leads to the whole.
  const groups = `${paidApp.address}/mentors/${mentor.profile.username}/groups`;
  await signIn(page, student, `${groups}/${third?.group_session_id}`);
  await page.getByRole("link", { name: "See the programme" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "A portfolio in eight weeks" })).toBeVisible();
  await expect(page.getByText("₹4,000 for all sessions")).toBeVisible();
  await look("programme");
  await narrow(page);
  await look("programme-narrow");
  // A code lowers the price of the whole; one that is mistyped is refused where it was typed.
  await page.getByRole("button", { name: "Have a code?" }).click();
  const code = page.getByLabel("Code");
  await code.fill("tin");
  await page.keyboard.press("Enter");
  await expect(page.getByText("This mentor has no coupon with this code.")).toBeVisible();
  await code.fill("ten");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText("Coupon TEN")).toBeVisible();
  await expect(page.locator("dl", { hasText: "Coupon TEN" })).toHaveText(
    /8 sessions₹4,000Coupon TEN-₹400Total₹3,600/,
  );
  await look("programme-coupon-narrow");
  await wide(page);
  await look("programme-coupon");
  await narrow(page);
  await page.getByRole("button", { name: "Book all 8 sessions" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Pay for your 8 sessions" })).toBeVisible();
  await expect(page.locator("dl", { hasText: "Coupon" })).toHaveText(
    /8 × Portfolio circle, 60 min₹4,000Coupon-₹400Total₹3,600/,
  );
  await look("programme-pay-narrow");
  await page.getByRole("button", { name: "Pay ₹3,600" }).click();
  await page.getByRole("button", { name: "Pay by UPI" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "You’re booked" })).toBeVisible();
  const [booked] = (await student.send<{ data: [Series] }>("GET", "/series")).data;
  expect(booked.sessions.map(({ status, total_amount }) => [status, total_amount])).toEqual(
    Array(8).fill(["confirmed", 450]),
  );

  // Neither the page nor the link of a mail offers to move it.
  await page.goto(`${paidApp.address}/sessions/${booked.sessions[0]?.id}?do=reschedule`);
  await expect(page.getByText(/The mentor sets the dates of a programme/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Cancel session" })).toBeVisible();
  await expect(page.getByRole("button", { name: /Reschedule/ })).toHaveCount(0);
  await look("programme-session-narrow");

  await wide(page);
  await page.context().clearCookies();
  await signIn(page, mentor.person, `${paidApp.address}/mentor/programmes/${data[0].id}`);
  const row = page.getByRole("row").filter({ hasText: "Nina Das" });
  await expect(row.getByText("Has a seat")).toHaveCount(8);
  await look("programme-roster");
  await narrow(page);
  await look("programme-roster-narrow");
});
