import { dateAhead, makeMentor, Person } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

test("mentors can edit their own page and preview it as a student, but not book it", {
  tag: "@long",
}, async ({ page, baseURL, look }) => {
  const mentor = await makeMentor("Rohan Own", baseURL!);
  const address = `/mentors/${mentor.profile.username}`;
  await signIn(page, mentor.person, address);
  const main = page.getByRole("main");
  await expect(main.getByRole("link", { name: "Edit" })).toHaveAttribute("href", "/mentor/profile");
  await expect(main.getByRole("button", { name: "Book Session" })).toHaveCount(0);
  await expect(main.getByRole("button", { name: /60 min/ })).toHaveCount(0);
  await look("own-page");

  await main.getByRole("link", { name: "View as a student" }).click();
  await expect(page.getByText("This is how students see your page")).toBeVisible();
  await main.getByRole("button", { name: /60 min/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog
    .getByRole("button", { name: /\d:\d\d\s[ap]m/i })
    .first()
    .click();
  await expect(dialog.getByText("This is a preview. You can’t book yourself.")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Continue" })).toBeDisabled();
  await look("own-page-preview-times");
  // An address cannot open the last step either.
  await page.goto(page.url().replace("book=time", "book=details"));
  await expect(dialog.getByText("This is a preview. You can’t book yourself.")).toBeVisible();
  await expect(dialog.getByRole("button", { name: /Confirm|Send request/ })).toHaveCount(0);
});

test("a mentor hides the page from search and pauses bookings; sessions stay", async ({
  page,
  baseURL,
  look,
}) => {
  const mentor = await makeMentor("Pia Pausing", baseURL!, { settings: { instant_confirm: true } });
  const found = async () => {
    const { data } = await mentor.person.send<{ data: { id: string }[] }>("GET", "/mentors?q=pausing");
    return data.some(({ id }) => id === mentor.person.id);
  };
  expect(await found()).toBe(true);
  await signIn(page, mentor.person, "/mentor/profile");
  // A field leaves its button enough room for a word.
  for (const name of [/^Copy/, /^Add .*[Ee]xpertise/]) {
    const box = await page.getByRole("button", { name }).boundingBox();
    expect(box?.height).toBeLessThanOrEqual(48);
  }
  const settings = page.getByRole("region", { name: "Visibility and bookings" });
  const listed = settings.getByRole("switch", { name: /Show my page in search/ });
  await expect(settings.getByText(/only people who have your link can find your page/)).toBeVisible();
  await listed.press("Space");
  await expect(page.getByText("Your page is no longer shown in search.")).toBeVisible();
  await expect(listed).not.toBeChecked();
  expect(await found()).toBe(false);
  await settings.getByRole("switch", { name: /Take new bookings/ }).press("Space");
  await expect(page.getByText("New bookings are paused.")).toBeVisible();
  await look("profile-paused");

  const student = await Person.signUp("Meera Shah", baseURL!);
  const other = await page.context().browser()!.newContext({ baseURL: baseURL! });
  const theirs = await other.newPage();
  await signIn(theirs, student, `/mentors/${mentor.profile.username}`);
  await expect(theirs.getByText("Pia isn’t taking new bookings right now", { exact: true })).toBeVisible();
  await expect(theirs.getByRole("button", { name: "Book Session" })).toHaveCount(0);
  await theirs.getByRole("button", { name: /60 min/ }).click();
  await expect(theirs.getByRole("dialog").getByRole("button", { name: /\d:\d\d\s[ap]m/i })).toHaveCount(0);
  await other.close();

  await settings.getByRole("switch", { name: /Take new bookings/ }).press("Space");
  await expect(page.getByText("Students can book you again.")).toBeVisible();
});

test("a request that awaits the student's reply comes first, and the page does not show that there are no sessions", async ({
  page,
  baseURL,
  look,
}) => {
  const mentor = await makeMentor("Asha Rao", baseURL!);
  const student = await Person.signUp("Ben Carter", baseURL!);
  const request = await student.send<{ id: string }>("POST", "/time-requests", {
    expert_id: mentor.person.id,
    service_id: mentor.service.id,
    duration: 60,
    total_amount: 2000,
    starts_at: [`${dateAhead(3)}T15:30:00Z`],
  });
  await mentor.person.send("POST", `/time-requests/${request.id}/propose`, {
    starts_at: [`${dateAhead(4)}T15:30:00Z`],
  });
  await signIn(page, student, "/sessions");
  await expect(page.getByRole("button", { name: /^Accept/ })).toBeVisible();
  await expect(page.getByText("No sessions yet")).toHaveCount(0);
  await look("sessions-proposal");
});

test("the open booking dialog reports that the only service was deleted", async ({ page, baseURL }) => {
  const mentor = await makeMentor("Dia Deleting", baseURL!);
  await page.goto(
    `/mentors/${mentor.profile.username}?book=time&service=${mentor.service.id}&minutes=60&at=${dateAhead(3)}T03:30:00Z`,
  );
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: /9:45\sam/i }).first()).toBeVisible();
  await mentor.person.send("DELETE", `/mentors/me/services/${mentor.service.id}`);
  await page.reload();
  await expect(dialog.getByText("Dia no longer offers this session")).toBeVisible();
  await expect(dialog.getByText("There are no other sessions to choose from right now.")).toBeVisible();
});
