import { makeAdministrator } from "./past.ts";
import { makeMentor, Person } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

test("console: only for administrators; a mentor is verified, suspended and let back in", async ({
  page,
  browser,
  baseURL,
  look,
}) => {
  const mentor = await makeMentor("Ravi Console", baseURL!);
  const asha = await Person.signUp("Asha Devi", baseURL!);
  await signIn(page, asha, "/admin");
  await expect(page.getByRole("heading", { level: 1, name: "This page is off the map" })).toBeVisible();
  await makeAdministrator(asha.id);
  await page.goto("/admin");
  await expect(page.getByRole("heading", { level: 1, name: "Administration" })).toBeVisible();
  await page.getByLabel("Name, e-mail, username or id").fill(mentor.person.id);
  await expect(page.getByRole("link", { name: "Ravi Console" })).toBeVisible();
  await look("admin-people");
  await page.getByRole("link", { name: "Ravi Console" }).click();
  await page.getByRole("button", { name: "Verify mentor" }).click();
  await expect(page.getByText("Mentor verified.")).toBeVisible();
  await page.getByRole("button", { name: "Suspend…" }).click();
  const dialog = page.getByRole("dialog", { name: "Suspend Ravi Console?" });
  await dialog.getByRole("button", { name: "Suspend" }).click();
  await expect(dialog.getByText("Enter a reason.")).toBeVisible();
  await dialog.getByLabel("Reason").fill("Spam to students.");
  await look("admin-suspend");
  await dialog.getByRole("button", { name: "Suspend" }).click();
  await expect(page.getByText("Account suspended.")).toBeVisible();
  await look("admin-person");
  const visitor = await (await browser.newContext()).newPage();
  await visitor.goto(`/mentors/${mentor.profile.username}`);
  await expect(visitor.getByText("Ravi Console")).toHaveCount(0);
  await page.getByRole("button", { name: "Lift suspension…" }).click();
  await page.getByLabel("Reason").fill("A mistake.");
  await page.getByRole("dialog").getByRole("button", { name: "Lift suspension" }).click();
  await expect(page.getByText("Suspension lifted.")).toBeVisible();
  await visitor.reload();
  await expect(visitor.getByText("Verified mentor")).toBeVisible();
  await visitor.context().close();

  await page.getByRole("link", { name: "Log of this person" }).click();
  await expect(page.getByText("Spam to students.")).toBeVisible();
  await look("admin-log");
  await page.getByRole("link", { name: "Undelivered mail" }).click();
  await look("admin-mail");
  await page.getByRole("link", { name: "Failed jobs" }).click();
  await look("admin-jobs");
});
