import type { Page } from "@playwright/test";
import { linkIn, mailTo } from "./mailbox.ts";
import { completeHeldSessions, letSessionEnd, rejectMailTo } from "./past.ts";
import { book, dateAhead, makeMentor, Person, password } from "./people.ts";
import { expect, signIn, signInAs, test } from "./test.ts";

const settings = (page: Page) => page.getByRole("region", { name: "Notifications", exact: true });
const toggle = (page: Page, name: string) => settings(page).getByRole("switch", { name });

test("notification settings: each change is saved right away, by keyboard too", { tag: "@long" }, async ({
  page,
  baseURL,
  look,
}) => {
  const asha = await Person.signUp("Asha Devi", baseURL!);
  await signIn(page, asha, "/account#notifications");
  await expect(page.getByRole("heading", { name: "Notifications" })).toBeInViewport();
  await look("account-notifications");
  await page.getByRole("button", { name: "Notifications" }).click();
  await expect(page.getByRole("region", { name: "Your notifications" })).toContainText(
    "No notifications yet.",
  );
  // The section and the inbox have names of their own.
  await look("account-inbox");
  await page.keyboard.press("Escape");
  const reviews = toggle(page, "Reviews E-mail");
  await expect(reviews).toBeChecked();
  await toggle(page, "Free times E-mail").focus();
  await page.keyboard.press("Space");
  await expect(settings(page).getByText("Saved", { exact: true })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(toggle(page, "Reviews Inbox")).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await expect(reviews).not.toBeChecked();
  // The last of several quick changes is the one that stays.
  for (const name of ["Bookings Inbox", "Bookings E-mail", "Time requests Inbox"])
    await toggle(page, name).click();
  await expect(page.getByText("You won’t hear when a session is booked, moved or cancelled.")).toBeVisible();

  const times = settings(page).getByRole("group", { name: "Remind me before a session" });
  await expect(times.getByText("You’ll be reminded 24 hours and 1 hour before each session.")).toBeVisible();
  await times.getByLabel("15 minutes", { exact: true }).click();
  await times.getByLabel("2 days", { exact: true }).click();
  await expect(times.getByLabel("12 hours", { exact: true })).toBeDisabled();
  await expect(
    times.getByText("You’ll be reminded 2 days, 24 hours, 1 hour and 15 minutes before each session."),
  ).toBeVisible();
  await settings(page)
    .getByRole("switch", { name: /Quiet hours/ })
    .click();
  const saved = page.waitForResponse((response) => response.request().postData()?.includes("06:30") === true);
  await settings(page).getByLabel("Until").fill("06:30");
  await settings(page).getByLabel("Until").press("Tab");
  await saved;
  await expect(settings(page).getByText("Saved", { exact: true })).toBeVisible();
  await expect(settings(page).getByText("In your time zone: Kathmandu, GMT+5:45.")).toBeVisible();
  await look("account-notifications-full");

  await page.reload();
  await expect(reviews).not.toBeChecked();
  await expect(toggle(page, "Reviews Inbox")).toBeChecked();
  await expect(toggle(page, "Bookings Inbox")).not.toBeChecked();
  await expect(toggle(page, "Time requests Inbox")).not.toBeChecked();
  await expect(times.getByLabel("2 days", { exact: true })).toBeChecked();
  await expect(settings(page).getByLabel("From")).toHaveValue("22:00");
  await expect(settings(page).getByLabel("Until")).toHaveValue("06:30");

  for (const lead of ["2 days", "24 hours", "1 hour", "15 minutes"])
    await times.getByLabel(lead, { exact: true }).click();
  await expect(times.getByText("You won’t get any reminders.")).toBeVisible();
  await page.setViewportSize({ width: 360, height: 740 });
  await look("account-notifications-360");
  expect(await asha.send("GET", "/me/notification-settings")).toEqual({
    muted: expect.arrayContaining([
      "email:alerts",
      "email:reviews",
      "inbox:bookings",
      "email:bookings",
      "inbox:time_requests",
    ]),
    reminder_leads: [],
    quiet_hours: { from: "22:00", until: "06:30" },
    is_address_reachable: true,
  });
});

test("notification settings: a change that cannot be saved is taken back, and quiet hours need two times", {
  tag: "@long",
}, async ({ page, baseURL }) => {
  const asha = await Person.signUp("Asha Devi", baseURL!);
  let isDown = true;
  await page.route("**/me/notification-settings", (route) => (isDown ? route.abort() : route.continue()));
  await signIn(page, asha, "/account");
  await expect(page.getByText("Couldn’t load your notification settings")).toBeVisible();
  isDown = false;
  await page.getByRole("alert").getByRole("button", { name: "Try again" }).click();
  await expect(toggle(page, "Bookings E-mail")).toBeChecked();

  isDown = true;
  await toggle(page, "Bookings E-mail").click();
  await expect(page.getByText("Couldn’t save your notification settings")).toBeVisible();
  await expect(toggle(page, "Bookings E-mail")).toBeChecked();
  await settings(page)
    .getByRole("switch", { name: /Quiet hours/ })
    .click();
  await expect(settings(page).getByRole("switch", { name: /Quiet hours/ })).not.toBeChecked();
  isDown = false;
  await settings(page)
    .getByRole("switch", { name: /Quiet hours/ })
    .click();
  await settings(page).getByLabel("Until").fill("22:00");
  await expect(settings(page).getByText("Choose two different times.")).toBeVisible();
  await settings(page).getByLabel("Until").fill("");
  await expect(settings(page).getByText("Enter a time.")).toBeVisible();
  await page.reload();
  await expect(settings(page).getByLabel("Until")).toHaveValue("07:00");
});

test("an address that rejects mail is reported on the page at once, but not where people book", {
  tag: "@long",
}, async ({ page, baseURL, look }) => {
  const asha = await Person.signUp("Asha Devi", baseURL!);
  await signIn(page, asha, "/sessions");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const strip = page.getByRole("complementary", { name: "Our e-mails don’t reach you" });
  await expect(strip).toHaveCount(0);
  await rejectMailTo(asha.email);
  await expect(strip).toBeVisible();
  await look("unreachable");
  await strip.getByRole("link", { name: "Check your address" }).click();
  await expect(page.getByText(`The mail server rejected our e-mails to ${asha.email}`)).toBeVisible();
  await page.setViewportSize({ width: 360, height: 740 });
  await look("account-notifications-unreachable-360");
  await page.goto("/mentors/asha");
  await expect(page.getByRole("button", { name: /^Account of/ })).toBeVisible();
  await expect(strip).toHaveCount(0);
});

test("a link in a mail leads to the settings after signing in", async ({ page, baseURL }) => {
  const asha = await Person.signUp("Asha Devi", baseURL!);
  await page.goto("/account#notifications");
  await page.getByRole("main").getByRole("link", { name: "Sign in" }).click();
  await page.getByLabel("E-mail").fill(asha.email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL("/account#notifications");
  await expect(page.getByRole("heading", { name: "Notifications" })).toBeInViewport();
});

test("unsubscribing from a real mail, by keyboard: opening the link changes nothing, and it may be used twice", {
  tag: "@long",
}, async ({ page, baseURL, look }) => {
  const mentor = await makeMentor("Asha Rao", baseURL!, { settings: { instant_confirm: true } });
  const bikram = await Person.signUp("Bikram Thapa", baseURL!);
  const booking = await book(bikram, mentor, {
    scheduled_date: dateAhead(3),
    scheduled_time: "14:00",
    timezone: "Asia/Kolkata",
  });
  await letSessionEnd(booking.id, 30);
  await completeHeldSessions(mentor.person.id);
  const mail = await mailTo(bikram.api, bikram.email, /^How was/);
  const link = linkIn(mail, "/unsubscribe/");
  // A review needs a login, which the session's page asks for.
  expect(linkIn(mail, "#review")).toBe(`/sessions/${booking.id}#review`);
  // What mail programs send on one click leads to the same place.
  expect(mail.headers.join("\n").replace(/\s/g, "")).toContain(`${link}>`);
  const settingsOf = () => bikram.send<{ muted: string[] }>("GET", "/me/notification-settings");

  for (const isFirst of [true, false]) {
    await page.goto(link);
    await expect(page.getByRole("heading", { level: 1, name: "Stop e-mails about reviews?" })).toBeVisible();
    expect((await settingsOf()).muted).toEqual(isFirst ? [] : ["email:reviews"]);
    if (isFirst) await look("unsubscribe");
    const button = page.getByRole("main").getByRole("button", { name: "Unsubscribe" });
    for (let tabs = 0; tabs < 20 && !(await button.evaluate((it) => it === document.activeElement)); tabs++)
      await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect(
      page.getByRole("heading", { level: 1, name: "You won’t get e-mails about reviews any more" }),
    ).toBeFocused();
    expect((await settingsOf()).muted).toEqual(["email:reviews"]);
  }
  await look("unsubscribe-done");
  await page.setViewportSize({ width: 360, height: 740 });
  await look("unsubscribe-done-360");
  await signInAs(page, { email: bikram.email, password }, link);
  await page.getByRole("main").getByRole("button", { name: "Unsubscribe" }).click();
  await page.getByRole("link", { name: "Notification settings" }).click();
  await expect(toggle(page, "Reviews E-mail")).not.toBeChecked();
});

test("an unsubscribe link that is cut or changed says so", { tag: "@long" }, async ({ page, look }) => {
  await page.goto("/unsubscribe/v1.reviews.0c6d2f0e");
  await expect(page.getByRole("heading", { level: 1, name: "This link isn’t valid" })).toBeVisible();
  await look("unsubscribe-invalid");
  await page.goto(`/unsubscribe/v1.reviews.0c6d2f0e-8f0a-4a54-9d3c-0d8f4f3f1a11.${"A".repeat(43)}`);
  await page.getByRole("main").getByRole("button", { name: "Unsubscribe" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "This link isn’t valid" })).toBeFocused();
});
