import type { Page } from "@playwright/test";
import { completeHeldSessions, letAnswerRunOut, letSessionEnd } from "./past.ts";
import { book, dateAhead, makeMentor, Person } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

/** An agreed session of Bikram's with Asha that ended some hours ago. */
async function endedSession(baseURL: string, hoursAgo = 1) {
  const mentor = await makeMentor("Asha Rao", baseURL, { settings: { instant_confirm: true } });
  const student = await Person.signUp("Bikram Thapa", baseURL);
  const { id } = await book(student, mentor, { scheduled_date: dateAhead(3), scheduled_time: "10:00" });
  await letSessionEnd(id, hoursAgo);
  return { id, mentor, student };
}

const history = (page: Page) => page.getByRole("region", { name: "History" }).getByRole("listitem");
const article = (page: Page, section: string) =>
  page.getByRole("region", { name: section }).getByRole("article");

test("a student reports the mentor as a no-show; the mentor disputes it; the session counts as held", {
  tag: "@long",
}, async ({ page, baseURL, browser, look }) => {
  test.slow();
  const { id, mentor, student } = await endedSession(baseURL!, 20);
  await signIn(page, student, `/sessions/${id}`);
  const card = page.getByRole("region", { name: "Did Asha miss the session?" });
  // Three days after the end, on the student's clock.
  await expect(card).toContainText(/you can report a no-show until .+\(Kathmandu, GMT\+5:45\)/);
  await look("no-show-offer");
  await card.getByRole("button", { name: "Report no-show" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(/Message for Asha/).fill("I waited for half an hour.");
  await look("no-show-claim");
  await dialog.getByRole("button", { name: "Report no-show" }).click();
  await expect(dialog).toBeHidden();
  const said = page.getByRole("region", { name: "You reported Asha as a no-show" });
  await expect(said).toContainText("I waited for half an hour.");
  await expect(said).toContainText(/Asha can reply until .+\(Kathmandu, GMT\+5:45\), in (2 days|47 hours)/);
  await expect(page.getByText("Awaiting Asha’s reply")).toBeVisible();
  await expect(history(page).last()).toContainText("You reported Asha as a no-show");
  await look("no-show-claimed");

  const theirs = await (
    await browser.newContext({ baseURL: baseURL!, timezoneId: "Asia/Kolkata" })
  ).newPage();
  await signIn(theirs, mentor.person, "/mentor/requests");
  const asked = article(theirs, "Needs your reply");
  await expect(asked).toContainText("Bikram reported you as a no-show");
  await expect(asked).toContainText(/Reply by .+\(Kolkata, GMT\+5:30\)/);
  await theirs.getByRole("button", { name: /Notifications/ }).click();
  await expect(theirs.getByText(/Bikram Thapa reported you as a no-show for “1:1 Session”/)).toBeVisible();
  await theirs.keyboard.press("Escape");
  await asked.getByRole("link", { name: "Reply about the session with Bikram Thapa" }).click();
  const toAnswer = theirs.getByRole("region", { name: "Bikram reported you as a no-show" });
  await toAnswer.getByRole("button", { name: "I was there" }).click();
  await theirs
    .getByRole("dialog")
    .getByLabel(/Message for Bikram/)
    .fill("I was in the other room.");
  await theirs.getByRole("dialog").getByRole("button", { name: "I was there" }).click();
  await expect(theirs.getByRole("region", { name: "No-show disputed" })).toBeVisible();
  // It can be completed again, by hand or by itself.
  await expect(theirs.getByRole("button", { name: /^Mark as completed/ })).toBeEnabled();
  await theirs.context().close();

  // The other page updates by itself.
  const disputed = page.getByRole("region", { name: "No-show disputed" });
  await expect(disputed).toContainText("I was in the other room.");
  await look("no-show-disputed");
  await letSessionEnd(id, 25);
  await completeHeldSessions(mentor.person.id);
  await expect(page.getByRole("region", { name: "Your review" })).toBeVisible();
  await expect(history(page).last()).toContainText("Marked as completed automatically");
});

test("a mentor reports a no-show by keyboard on a phone; the student confirms it", { tag: "@long" }, async ({
  page,
  baseURL,
  look,
}) => {
  test.slow();
  const { id, mentor, student } = await endedSession(baseURL!);
  await page.setViewportSize({ width: 360, height: 740 });
  await signIn(page, mentor.person, `/sessions/${id}`);
  await page.getByRole("button", { name: "Report no-show" }).press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Report no-show" }).press("Enter");
  await expect(page.getByRole("heading", { name: "You reported Bikram as a no-show" })).toBeVisible();
  await look("no-show-claimed-360");
  await page.goto("/mentor/requests");
  await expect(article(page, "Past and cancelled")).toContainText("Awaiting Bikram’s reply");

  await page.context().clearCookies();
  await signIn(page, student, "/sessions");
  const asked = article(page, "Needs your reply");
  await expect(asked).toContainText("Asha reported you as a no-show");
  await look("no-show-asked-360");
  await page.setViewportSize({ width: 1280, height: 800 });
  await look("no-show-asked");
  await asked.getByRole("link", { name: /^Reply/ }).click();
  await expect(page.getByRole("heading", { name: "Asha reported you as a no-show" })).toBeInViewport();
  await look("no-show-answer");
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole("button", { name: "I didn’t attend" }).press("Enter");
  await look("no-show-agree-360");
  await page.getByRole("dialog").getByRole("button", { name: "I didn’t attend" }).press("Enter");
  await expect(page.getByRole("region", { name: "You didn’t attend" })).toContainText(
    "The session doesn’t count as held.",
  );
  await expect(history(page)).toHaveText([
    /You booked this session/,
    /Asha reported you as a no-show/,
    /You confirmed that you didn’t attend/,
  ]);
  await look("no-show-agreed-360");
  await page.goto("/sessions");
  await expect(page.getByRole("region", { name: "Needs your reply" })).toHaveCount(0);
  await expect(article(page, "Past and cancelled")).toContainText("You didn’t attend");
});

test("a report without a reply is recorded; a withdrawn one no longer counts; a link only shows it", {
  tag: "@long",
}, async ({ page, baseURL, look }) => {
  test.slow();
  const { id, mentor, student } = await endedSession(baseURL!);
  await student.send("POST", `/bookings/${id}/no-show`, { reason: "Nobody was there." });
  const { url } = await mentor.person.send<{ url: string }>("POST", `/bookings/${id}/link`);
  await page.goto(url.slice(url.indexOf("/manage")));
  await expect(page.getByText("Sign in to reply.")).toBeVisible();
  await expect(page.getByRole("button", { name: "I was there" })).toHaveCount(0);
  await letAnswerRunOut(id);
  await signIn(page, mentor.person, `/sessions/${id}`);
  const stands = page.getByRole("region", { name: "Recorded: you didn’t attend" });
  await expect(stands).toContainText("You didn’t reply in time.");
  await expect(page.getByRole("button", { name: /^Mark as completed/ })).toHaveCount(0);
  await look("no-show-stands");

  const other = await endedSession(baseURL!, 2);
  await other.student.send("POST", `/bookings/${other.id}/no-show`);
  await page.context().clearCookies();
  await signIn(page, other.student, `/sessions/${other.id}`);
  await page.getByRole("button", { name: "Withdraw report" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Withdraw report" }).click();
  await expect(page.getByRole("region", { name: "You withdrew your report" })).toBeVisible();
  await expect(history(page).last()).toContainText("You withdrew the no-show report");
  await look("no-show-withdrawn");
});

test("a report that is too late is refused in the dialog", async ({ page, baseURL }) => {
  const { id, student } = await endedSession(baseURL!, 71);
  await signIn(page, student, `/sessions/${id}`);
  await page.getByRole("button", { name: "Report no-show" }).click();
  await letSessionEnd(id, 73);
  await page.getByRole("dialog").getByRole("button", { name: "Report no-show" }).click();
  await expect(page.getByRole("alert")).toContainText(
    "A no-show can be reported until 3 days after the session.",
  );
});
