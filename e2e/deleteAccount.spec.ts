import { mailTo } from "./mailbox.ts";
import { confirmAddress } from "./past.ts";
import { book, dateAhead, freeTimes, makeMentor, Person, password } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

test("account: downloading one's data, and deleting the account", async ({
  page,
  browser,
  baseURL,
  request,
  look,
}) => {
  const mentor = await makeMentor("Ravi Kumar", baseURL!, {});
  const asha = await Person.signUp("Asha Devi", baseURL!);
  await confirmAddress(asha.id);
  const date = dateAhead(8);
  const [time] = await freeTimes(mentor, date);
  await book(asha, mentor, { scheduled_date: date, scheduled_time: time! });
  await signIn(page, asha, "/account");
  for (const [button, name] of [
    ["Download as JSON", "matepeak-data.json"],
    ["Download as CSV", "matepeak-data.zip"],
  ] as const) {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: button }).click();
    expect((await download).suggestedFilename()).toBe(name);
  }
  await page.getByRole("button", { name: "Delete account…" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete your account?" });
  await expect(
    dialog.getByText("1 upcoming session is cancelled, and the other person is notified."),
  ).toBeVisible();
  await look("delete-account");
  await dialog.getByLabel("Your password").fill("not this one");
  await dialog.getByLabel("I understand that this can’t be undone.").check();
  await dialog.getByRole("button", { name: "Delete account" }).click();
  await expect(dialog.getByText("This isn’t your password.")).toBeVisible();
  await dialog.getByLabel("Your password").fill(password);
  await dialog.getByRole("button", { name: "Delete account" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Your account is deleted" })).toBeVisible();
  await look("account-deleted");
  await page.goto("/account");
  await expect(page.getByRole("heading", { name: "Sign in to see this" })).toBeVisible();

  await mailTo(request, asha.email, /account.*deleted/i);
  await mailTo(request, mentor.person.email, /cancelled|withdr/i);
  const other = await (await browser.newContext()).newPage();
  await signIn(other, mentor.person, "/");
  await expect(async () => {
    await other.goto("/");
    await other
      .getByRole("button", { name: /notification/i })
      .first()
      .click();
    await expect(other.getByText(/The account was deleted\./).first()).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 20_000 });
  await other.context().close();
});
