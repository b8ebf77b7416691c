import type { BrowserContext, Page, Request } from "@playwright/test";
import { BookingSteps } from "./bookingSteps.ts";
import { book, dateAhead, makeMentor, Person, type TestMentor } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

/** More than the six connections that a browser opens to a site over HTTP/1.1. */
const WINDOWS = 7;

/** The event streams that the windows have open now. A closed window no longer reports its requests. */
function countStreams(context: BrowserContext): () => number {
  const open = new Set<Request>();
  context.on("request", (request) => {
    if (/\/events$/.test(new URL(request.url()).pathname)) open.add(request);
  });
  context.on("requestfinished", (request) => open.delete(request));
  context.on("requestfailed", (request) => open.delete(request));
  return () => [...open].filter((request) => !request.frame().page().isClosed()).length;
}

async function openTimes(context: BrowserContext, mentor: TestMentor, date: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(
    `/mentors/${mentor.profile.username}?book=time&service=${mentor.service.id}&minutes=60&at=${date}T03:30:00Z`,
  );
  await expect(
    page
      .getByRole("dialog")
      .getByRole("button", { name: /^9:45\sam/i })
      .first(),
  ).toBeVisible();
  return page;
}

test("seven windows of one person load, share one stream, and are all updated, also after the first one is closed", {
  tag: "@long",
}, async ({ page, context, baseURL }) => {
  test.slow();
  const mentor = await makeMentor("Asha Windows", baseURL!, { settings: { instant_confirm: true } });
  const student = await Person.signUp("Ben Carter", baseURL!);
  const other = await Person.signUp("Cara Diaz", baseURL!);
  const date = dateAhead(3);
  const streams = countStreams(context);
  await signIn(page, student);
  const windows: Page[] = [];
  for (let count = 0; count < WINDOWS; count++) windows.push(await openTimes(context, mentor, date));
  await expect.poll(streams).toBe(1);

  const takenIsGone = async (time: RegExp, pages: Page[]) => {
    for (const window of pages) {
      const dialog = window.getByRole("dialog");
      await expect(dialog.getByRole("button", { name: time })).toHaveCount(0, { timeout: 5_000 });
    }
  };
  // 9:30 am for the mentor is 9:45 am here.
  await book(other, mentor, { scheduled_date: date, scheduled_time: "11:00" });
  await takenIsGone(/^11:15\sam/i, windows);

  // The first windows hold the stream; another takes over.
  await page.close();
  await windows.shift()?.close();
  await windows.shift()?.close();
  await expect.poll(streams, { timeout: 15_000 }).toBe(1);
  await book(other, mentor, { scheduled_date: date, scheduled_time: "14:00" });
  await takenIsGone(/^2:15\spm/i, windows);
  // Personal news too: the notifications of another window.
  const { id } = await book(student, mentor, { scheduled_date: dateAhead(5), scheduled_time: "10:00" });
  await mentor.person.send("POST", `/bookings/${id}/cancel`);
  for (const window of windows) {
    await window.keyboard.press("Escape");
    await expect(window.getByRole("dialog")).toHaveCount(0);
    await expect(window.getByRole("button", { name: /^Notifications, \d/ })).toBeVisible({ timeout: 10_000 });
  }
});

test("signing out in one window ends the stream of the person's own data", async ({
  page,
  context,
  baseURL,
}) => {
  const student = await Person.signUp("Dev Anand", baseURL!);
  const streams = countStreams(context);
  await signIn(page, student, "/sessions");
  const second = await context.newPage();
  await second.goto("/sessions");
  await expect(second.getByRole("heading", { level: 1 })).toBeVisible();
  await expect.poll(streams).toBe(1);
  await page.getByRole("button", { name: /Account of Dev/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect.poll(streams, { timeout: 10_000 }).toBe(0);
  await expect(second.getByRole("dialog", { name: /signed out in another tab/ })).toBeVisible();
});

test("a browser without shared locks has a stream of its own in each window", { tag: "@long" }, async ({
  page,
  baseURL,
}) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(Object.getPrototypeOf(navigator), "locks");
    Reflect.deleteProperty(window, "BroadcastChannel");
  });
  const mentor = await makeMentor("Lea Alone", baseURL!);
  const student = await Person.signUp("Eva Ek", baseURL!);
  const date = dateAhead(3);
  await signIn(page, student);
  const steps = new BookingSteps(page);
  await steps.open(mentor);
  await steps.chooseLength(/60 min/);
  await page.goto(`${page.url()}&at=${date}T03:30:00Z`);
  const time = page.getByRole("dialog").getByRole("button", { name: /^11:15\sam/i });
  await expect(time.first()).toBeVisible();
  await book(await Person.signUp("Finn Fox", baseURL!), mentor, {
    scheduled_date: date,
    scheduled_time: "11:00",
  });
  await expect(time).toHaveCount(0, { timeout: 5_000 });
});
