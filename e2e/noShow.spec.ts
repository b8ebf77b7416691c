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

test("a student says that the mentor did not come; the mentor disputes it; it counts as held", async ({
  page,
  baseURL,
  browser,
  look,
}) => {
  test.slow();
  const { id, mentor, student } = await endedSession(baseURL!, 20);
  await signIn(page, student, `/sessions/${id}`);
  const card = page.getByRole("region", { name: "Did Asha not come?" });
  // Three days after the end, on the student's clock.
  await expect(card).toContainText(/you can say so until .+\(Kathmandu, GMT\+5:45\)/);
  await look("no-show-offer");
  await card.getByRole("button", { name: "Asha did not come" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(/A few words for Asha/).fill("I waited for half an hour.");
  await look("no-show-claim");
  await dialog.getByRole("button", { name: "Asha did not come" }).click();
  await expect(dialog).toBeHidden();
  const said = page.getByRole("region", { name: "You said that Asha did not come" });
  await expect(said).toContainText("I waited for half an hour.");
  await expect(said).toContainText(/Asha can answer until .+\(Kathmandu, GMT\+5:45\), in (2 days|47 hours)/);
  await expect(page.getByText("Waits for Asha’s answer")).toBeVisible();
  await expect(history(page).last()).toContainText("You said that Asha did not come");
  await look("no-show-claimed");

  const theirs = await (
    await browser.newContext({ baseURL: baseURL!, timezoneId: "Asia/Kolkata" })
  ).newPage();
  await signIn(theirs, mentor.person, "/mentor/requests");
  const asked = article(theirs, "Did you come?");
  await expect(asked).toContainText("Bikram says that you did not come");
  await expect(asked).toContainText(/until .+\(Kolkata, GMT\+5:30\)/);
  await theirs.getByRole("button", { name: /Notifications/ }).click();
  await expect(theirs.getByText(/Bikram Thapa says that you did not come to “1:1 Session”/)).toBeVisible();
  await theirs.keyboard.press("Escape");
  await asked.getByRole("link", { name: "Answer about the session with Bikram Thapa" }).click();
  const toAnswer = theirs.getByRole("region", { name: "Bikram says that you did not come" });
  await toAnswer.getByRole("button", { name: "I was there" }).click();
  await theirs
    .getByRole("dialog")
    .getByLabel(/A few words for Bikram/)
    .fill("I was in the other room.");
  await theirs.getByRole("dialog").getByRole("button", { name: "I was there" }).click();
  await expect(theirs.getByRole("region", { name: "You do not agree on who came" })).toBeVisible();
  // It can be completed again, by hand or by itself.
  await expect(theirs.getByRole("button", { name: /^Mark as completed/ })).toBeEnabled();
  await theirs.context().close();

  // The other page knows by itself.
  const disputed = page.getByRole("region", { name: "You do not agree on who came" });
  await expect(disputed).toContainText("I was in the other room.");
  await look("no-show-disputed");
  await letSessionEnd(id, 25);
  await completeHeldSessions(mentor.person.id);
  await expect(page.getByRole("region", { name: "Your review" })).toBeVisible();
  await expect(history(page).last()).toContainText("MatePeak marked it as completed");
});

test("a mentor says it by keyboard, on a phone; the student finds the question and agrees", async ({
  page,
  baseURL,
  look,
}) => {
  test.slow();
  const { id, mentor, student } = await endedSession(baseURL!);
  await page.setViewportSize({ width: 360, height: 740 });
  await signIn(page, mentor.person, `/sessions/${id}`);
  await page.getByRole("button", { name: "Bikram did not come" }).press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Bikram did not come" }).press("Enter");
  await expect(page.getByRole("heading", { name: "You said that Bikram did not come" })).toBeVisible();
  await look("no-show-claimed-360");
  await page.goto("/mentor/requests");
  await expect(article(page, "Past and cancelled")).toContainText("Waits for Bikram’s answer");

  await page.context().clearCookies();
  await signIn(page, student, "/sessions");
  const asked = article(page, "Did you come?");
  await expect(asked).toContainText("Asha says that you did not come");
  await look("no-show-asked-360");
  await page.setViewportSize({ width: 1280, height: 800 });
  await look("no-show-asked");
  await asked.getByRole("link", { name: /^Answer/ }).click();
  await expect(page.getByRole("heading", { name: "Asha says that you did not come" })).toBeInViewport();
  await look("no-show-answer");
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole("button", { name: "I did not come" }).press("Enter");
  await look("no-show-agree-360");
  await page.getByRole("dialog").getByRole("button", { name: "I did not come" }).press("Enter");
  await expect(page.getByRole("region", { name: "You did not come" })).toContainText(
    "The session does not count as held.",
  );
  await expect(history(page)).toHaveText([
    /You booked this session/,
    /Asha said that you did not come/,
    /You agreed not to have come/,
  ]);
  await look("no-show-agreed-360");
  await page.goto("/sessions");
  await expect(page.getByRole("region", { name: "Did you come?" })).toHaveCount(0);
  await expect(article(page, "Past and cancelled")).toContainText("You did not come");
});

test("what nobody answers stands; what is taken back is gone; by a link one only reads along", async ({
  page,
  baseURL,
  look,
}) => {
  test.slow();
  const { id, mentor, student } = await endedSession(baseURL!);
  await student.send("POST", `/bookings/${id}/no-show`, { reason: "Nobody was there." });
  const { url } = await mentor.person.send<{ url: string }>("POST", `/bookings/${id}/link`);
  await page.goto(url.slice(url.indexOf("/manage")));
  await expect(page.getByText("To answer, please sign in.")).toBeVisible();
  await expect(page.getByRole("button", { name: "I was there" })).toHaveCount(0);
  await letAnswerRunOut(id);
  await signIn(page, mentor.person, `/sessions/${id}`);
  const stands = page.getByRole("region", { name: "It stands that you did not come" });
  await expect(stands).toContainText("No answer came in time.");
  await expect(page.getByRole("button", { name: /^Mark as completed/ })).toHaveCount(0);
  await look("no-show-stands");

  const other = await endedSession(baseURL!, 2);
  await other.student.send("POST", `/bookings/${other.id}/no-show`);
  await page.context().clearCookies();
  await signIn(page, other.student, `/sessions/${other.id}`);
  await page.getByRole("button", { name: "Take it back" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Take it back" }).click();
  await expect(page.getByRole("region", { name: "You took your word back" })).toBeVisible();
  await expect(history(page).last()).toContainText("You took it back");
  await look("no-show-withdrawn");
});

test("too late is said where it happens", async ({ page, baseURL }) => {
  const { id, student } = await endedSession(baseURL!, 71);
  await signIn(page, student, `/sessions/${id}`);
  await page.getByRole("button", { name: "Asha did not come" }).click();
  await letSessionEnd(id, 73);
  await page.getByRole("dialog").getByRole("button", { name: "Asha did not come" }).click();
  await expect(page.getByRole("alert")).toContainText("This could be said for three days after the end.");
});
