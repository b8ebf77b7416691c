import type { Page } from "@playwright/test";
import { appCode } from "../server/testing/twoFactor.ts";
import { Person } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

async function chooseAccount(page: Page, email: string, name = "Asha Devi"): Promise<void> {
  await expect(page.getByRole("heading", { name: "Choose an account" })).toBeVisible();
  await page.getByLabel("Address").fill(email);
  await page.getByLabel("Full name").fill(name);
  await page.getByRole("button", { name: "Continue" }).click();
}

const newAddress = () => `google.${process.pid}.${Date.now()}@example.com`;
const withGoogle = (page: Page) => page.getByRole("button", { name: "Continue with Google" }).click();

test("Google: a new person, a first password, and back without it", { tag: "@long" }, async ({
  page,
  look,
}) => {
  const email = newAddress();
  await page.goto("/sign-up?next=/account");
  await look("sign-up-ways");
  await withGoogle(page);
  await page.getByRole("link", { name: "Cancel" }).click();
  await expect(page.getByText("You cancelled signing in with Google.")).toBeVisible();
  await expect(page).toHaveURL(/\/sign-in\?next=%2Faccount/);
  await look("sign-in-google-cancelled");
  await withGoogle(page);
  await chooseAccount(page, email);
  await expect(page.getByRole("heading", { level: 1, name: "Your account" })).toBeVisible();
  await expect(page.getByLabel("Name")).toHaveValue("Asha Devi");

  const google = page.getByRole("region", { name: "Google" });
  await expect(google.getByText("Connected")).toBeVisible();
  await google.getByRole("button", { name: "Disconnect" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Disconnect" }).click();
  await expect(page.getByText("This is your only way to sign in. Add another one first.")).toBeVisible();
  await look("account-google");

  const secret = page.getByRole("region", { name: "Password" });
  await secret.getByLabel("New password").fill("harbour lamp violet");
  await secret.getByRole("button", { name: "Set a password" }).click();
  await expect(page.getByText("Password set.")).toBeVisible();
  await expect(secret.getByLabel("Current password")).toBeVisible();
  await google.getByRole("button", { name: "Disconnect" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Disconnect" }).click();
  await expect(page.getByText("Google is disconnected.")).toBeVisible();
  await expect(google.getByRole("button", { name: "Connect Google" })).toBeVisible();
});

test("Google: an account that has not confirmed its address is not handed over", async ({
  page,
  baseURL,
}) => {
  const asha = await Person.signUp("Asha Devi", baseURL!, "unconfirmed");
  await page.goto("/sign-in?next=/account");
  await withGoogle(page);
  await chooseAccount(page, asha.email);
  await expect(page.getByText("There’s already an account with this e-mail address.")).toBeVisible();
  await expect(page.getByRole("banner").getByRole("link", { name: "Sign in" })).toBeVisible();
});

test("Google: connected on the account page, and followed by the second step", { tag: "@long" }, async ({
  page,
  browser,
  baseURL,
}) => {
  const asha = await Person.signUp("Asha Devi", baseURL!);
  const key = await asha.send<{ secret: string }>("POST", "/me/two-factor");
  await asha.send("POST", "/me/two-factor/confirm", { code: appCode(key, -1) });
  await signIn(page, asha, "/account");
  const google = page.getByRole("region", { name: "Google" });
  await google.getByRole("button", { name: "Connect Google" }).click();
  const email = newAddress();
  await chooseAccount(page, email);
  await expect(google.getByText("Connected")).toBeVisible();

  const elsewhere = await (await browser.newContext()).newPage();
  await elsewhere.goto("/sign-in?next=/account");
  await withGoogle(elsewhere);
  await chooseAccount(elsewhere, email);
  await expect(elsewhere.getByRole("heading", { name: "One more step" })).toBeVisible();
  await elsewhere.getByLabel("Six-digit code").fill(appCode(key));
  await elsewhere.getByRole("button", { name: "Continue" }).click();
  await expect(elsewhere.getByRole("heading", { level: 1, name: "Your account" })).toBeVisible();
  await elsewhere.context().close();
});
