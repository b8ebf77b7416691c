import { makeAdministrator } from "./past.ts";
import { Person } from "./people.ts";
import { expect, sidewaysScroll, signIn, test } from "./test.ts";

test("console and deletion on a phone", { tag: "@long" }, async ({ page, baseURL, look }) => {
  const asha = await Person.signUp("Asha Devi", baseURL!);
  await signIn(page, asha, "/account");
  await page.getByRole("button", { name: "Delete account…" }).click();
  await expect(page.getByText("You have nothing upcoming that would be cancelled.")).toBeVisible();
  await look("delete-account-narrow");
  await makeAdministrator(asha.id);
  await page.goto(`/admin/people/${asha.id}`);
  await expect(page.getByText("Administrator", { exact: true })).toBeVisible();
  expect(await sidewaysScroll(page)).toBe(0);
  await look("admin-person-narrow");
  await page.goto("/admin/log");
  await expect(page.getByRole("listitem").getByText("Viewed a person").first()).toBeVisible();
  expect(await sidewaysScroll(page)).toBe(0);
  await look("admin-log-narrow");
});
