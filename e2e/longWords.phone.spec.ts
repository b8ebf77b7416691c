import type { Page } from "@playwright/test";
import { at, BookingSteps } from "./bookingSteps.ts";
import { book, dateAhead, makeMentor, Person } from "./people.ts";
import { expect, sidewaysScroll, signIn, test } from "./test.ts";

const word = (length: number) => "Donaudampfschifffahrtsgesellschaft".repeat(100).slice(0, length);
const address = `https://example.com/${"a-very-long-part-of-an-address_".repeat(8)}`.slice(0, 148);
const name = `A${word(79).toLowerCase()}`;

/** What reaches out of the window, or out of the open dialog, to the side. */
async function fits(page: Page, where: string): Promise<void> {
  expect.soft(await sidewaysScroll(page), where).toBeLessThanOrEqual(0);
  const outside = await page.evaluate(() => {
    const scrolls = (element: Element | null): boolean =>
      element !== null &&
      (["auto", "scroll"].includes(getComputedStyle(element).overflowX) &&
      element.scrollWidth > element.clientWidth
        ? element.closest("[role=dialog]") === null
        : scrolls(element.parentElement));
    // A name inside an element that cuts it off, or hides it from eyes altogether, reaches out of nothing.
    const isCutOff = ({ parentElement: around }: Element): boolean =>
      around !== null &&
      getComputedStyle(around).overflowX === "hidden" &&
      around.getBoundingClientRect().right <= window.innerWidth + 1;
    return [...document.querySelectorAll("main button, main a, main input, [role=dialog] *, header *")]
      .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1)
      .filter((element) => !scrolls(element) && !isCutOff(element))
      .map((element) => element.outerHTML.slice(0, 120));
  });
  expect.soft(outside, where).toEqual([]);
}

test("no page is wider than the window, however long the words in it are", { tag: "@long" }, async ({
  page,
  baseURL,
  look,
}) => {
  test.slow();
  const mentor = await makeMentor(name, baseURL!, {
    settings: {
      instant_confirm: true,
      headline: word(160),
      bio: word(3000),
      expertise: [word(40), "Testing"],
      languages: [word(35)],
    },
    service: { title: address.slice(0, 120), description: address, capacity: 1 },
  });
  await mentor.person.send("PUT", "/mentors/me/room", { meeting_url: address });
  const student = await Person.signUp(`B${word(70).toLowerCase()}`, baseURL!);
  const date = dateAhead(3);
  const wish = { scheduled_date: date, message: word(1000) };
  const confirmed = await book(student, mentor, { ...wish, scheduled_time: "14:00" });
  await mentor.person.send("PATCH", `/mentors/me/services/${mentor.service.id}`, { instant_confirm: false });
  await book(student, mentor, { ...wish, scheduled_time: "16:00" });
  await page.setViewportSize({ width: 320, height: 640 });
  await signIn(page, student, `/mentors/${mentor.profile.username}`);

  await expect(page.getByRole("heading", { level: 1 })).toContainText("donau");
  await expect(page.getByRole("button", { name: "Book Session" }).last()).toBeInViewport({ ratio: 1 });
  await fits(page, "profile");
  await look("long-words-profile");
  const steps = new BookingSteps(page);
  await page.getByRole("button", { name: "Book Session" }).first().click();
  await expect(steps.dialog.getByRole("radio").first()).toBeVisible();
  await fits(page, "step 1");
  await steps.chooseLength(/^60 min/);
  await steps.chooseDay(date);
  await fits(page, "step 2");
  await steps.chooseTime(at(date, "10:00"));
  await fits(page, "step 3");
  await look("long-words-details");
  await steps.confirm();
  await expect(page).toHaveURL(/booking-success/);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await fits(page, "success");
  for (const path of ["/", `/?q=${name.slice(0, 30)}`, "/sessions", `/sessions/${confirmed.id}`]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByRole("main")).toContainText(/donau|Mentors/i);
    await fits(page, path);
  }
  await look("long-words-session");

  await page.context().clearCookies();
  await signIn(page, mentor.person, "/mentor/requests");
  await expect(page.getByRole("article").first()).toBeVisible();
  await fits(page, "requests");
  await look("long-words-requests");
  await page.getByRole("button", { name: /^Notifications/ }).click();
  await expect(
    page.getByRole("region", { name: "Your notifications" }).getByRole("listitem").first(),
  ).toBeVisible();
  await fits(page, "notifications");
  await page.keyboard.press("Escape");
  const rooms = [
    "students",
    `students/${student.id}`,
    "hours",
    "services",
    `services/${mentor.service.id}`,
    "reviews",
    "profile",
  ];
  const views = ["day", "week", "month"].map((view) => `sessions?view=${view}&date=${date}`);
  for (const path of [...rooms, ...views]) {
    await page.goto(`/mentor/${path}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await page.waitForLoadState("networkidle");
    await fits(page, path);
  }
});
