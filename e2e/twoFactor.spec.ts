import type { Page } from "@playwright/test";
import { appCode } from "../server/testing/twoFactor.ts";
import { letProofAge } from "./past.ts";
import { makeMentor, Person, password } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

/** Reads the key as a person would who types it into an app. */
async function keyOn(page: Page): Promise<{ secret: string }> {
  return { secret: await page.getByLabel("Or type this key").inputValue() };
}

async function fillPassword(page: Page, { email }: Person): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

test("two-factor: set up with an app, signed in with a code, then with a recovery code, turned off", {
  tag: "@long",
}, async ({ page, browser, baseURL, look }) => {
  const asha = await Person.signUp("Asha Devi", baseURL!);
  await signIn(page, asha, "/account");
  const section = page.getByRole("region", { name: "Two-factor sign-in" });
  await section.getByRole("button", { name: "Set up two-factor" }).click();
  const setup = page.getByRole("dialog", { name: "Set up two-factor" });
  await expect(setup.getByRole("img", { name: "QR code for your authenticator app" })).toBeVisible();
  await look("two-factor-setup");
  const key = await keyOn(page);
  await setup.getByLabel("Six-digit code from the app").fill("000000");
  await setup.getByRole("button", { name: "Turn on" }).click();
  await expect(setup.getByText("That code isn’t right, or it has been used.")).toBeVisible();
  await setup.getByLabel("Six-digit code from the app").fill(appCode(key, -1));
  await setup.getByRole("button", { name: "Turn on" }).click();
  const saved = page.getByRole("dialog", { name: "Save your recovery codes" });
  await expect(saved.getByRole("listitem")).toHaveCount(10);
  await look("two-factor-recovery-codes");
  const codes = await saved.getByRole("listitem").allTextContents();
  const downloading = page.waitForEvent("download");
  await saved.getByRole("button", { name: "Download" }).click();
  expect((await downloading).suggestedFilename()).toBe("matepeak-recovery-codes.txt");
  await saved.getByRole("button", { name: "I’ve saved them" }).click();
  await expect(section.getByText("10 recovery codes left.")).toBeVisible();
  await expect(section.getByRole("heading")).toBeFocused();
  await look("account-two-factor");

  const elsewhere = await (await browser.newContext()).newPage();
  await elsewhere.goto("/sign-in?next=/account");
  await fillPassword(elsewhere, asha);
  await expect(elsewhere.getByRole("heading", { name: "One more step" })).toBeVisible();
  await elsewhere.getByLabel("Six-digit code").fill("000000");
  await elsewhere.getByRole("button", { name: "Continue" }).click();
  await expect(elsewhere.getByText("That code isn’t right, or it has been used.")).toBeVisible();
  await elsewhere.getByLabel("Six-digit code").fill(appCode(key));
  await elsewhere.getByLabel(/Trust this device/).check();
  await elsewhere.getByRole("button", { name: "Continue" }).click();
  await expect(elsewhere.getByRole("heading", { level: 1, name: "Your account" })).toBeVisible();
  // The device is trusted now.
  await elsewhere.getByRole("button", { name: /Account of/ }).click();
  await elsewhere.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(elsewhere.getByText("You’re signed out.")).toBeVisible();
  await elsewhere.goto("/sign-in?next=/account");
  await fillPassword(elsewhere, asha);
  await expect(elsewhere.getByRole("heading", { level: 1, name: "Your account" })).toBeVisible();
  await elsewhere.context().close();

  const phone = await (await browser.newContext()).newPage();
  await phone.goto("/sign-in?next=/account");
  await fillPassword(phone, asha);
  await phone.getByRole("button", { name: "Use a recovery code instead" }).click();
  await expect(phone.getByLabel("Recovery code")).toBeFocused();
  await phone.getByLabel("Recovery code").fill(codes[0]!.toUpperCase());
  await phone.getByRole("button", { name: "Continue" }).click();
  await expect(phone.getByText("9 recovery codes left.")).toBeVisible();
  await phone.context().close();

  await letProofAge(asha.id);
  await section.getByRole("button", { name: "New recovery codes" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "New recovery codes" }).click();
  const proof = page.getByRole("dialog", { name: "Confirm it’s you" });
  await proof.getByLabel("Your password").fill(password);
  await proof.getByRole("button", { name: "Confirm" }).click();
  await expect(saved.getByRole("listitem")).toHaveCount(10);
  await saved.getByRole("button", { name: "I’ve saved them" }).click();
  await expect(section.getByText("10 recovery codes left.")).toBeVisible();
  await section.getByRole("button", { name: "Turn off" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Turn off" }).click();
  await expect(page.getByText("Two-factor sign-in is off.")).toBeVisible();
  await expect(section.getByRole("button", { name: "Set up two-factor" })).toBeVisible();
});

test("two-factor: the second step has its own page, which a visitor without a sign-in can leave", {
  tag: "@long",
}, async ({ page, look }) => {
  await page.goto("/sign-in/second-step");
  await look("second-step");
  await page.getByLabel("Six-digit code").fill("123456");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("This took too long. Please sign in again.")).toBeVisible();
  await page.getByRole("link", { name: "Sign in again" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
});

test("two-factor: a booking begun before signing in is finished after the second step", async ({
  page,
  baseURL,
}) => {
  const mentor = await makeMentor("Tomas Holt", baseURL!);
  const asha = await Person.signUp("Asha Devi", baseURL!);
  const key = await asha.send<{ secret: string }>("POST", "/me/two-factor");
  await asha.send("POST", "/me/two-factor/confirm", { code: appCode(key, -1) });
  await page.goto(`/sign-in?next=${encodeURIComponent(`/mentors/${mentor.profile.username}?book=service`)}`);
  await fillPassword(page, asha);
  await expect(page.getByText("We’ve saved your booking.")).toBeVisible();
  await page.getByLabel("Six-digit code").fill(appCode(key));
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expect(page).toHaveURL(/book=service/);
});

test("two-factor: the person whose page it is comes back with both steps", { tag: "@long" }, async ({
  page,
  context,
  baseURL,
  look,
}) => {
  const [asha, ben] = [await Person.signUp("Asha Devi", baseURL!), await Person.signUp("Ben Roy", baseURL!)];
  const key = await asha.send<{ secret: string }>("POST", "/me/two-factor");
  await asha.send("POST", "/me/two-factor/confirm", { code: appCode(key, -1) });
  await signIn(page, asha, "/account");
  await page.getByLabel("Name").fill("Asha, half typed");
  const other = await context.newPage();
  await other.goto("/");
  await other.getByRole("button", { name: /Account of/ }).click();
  await other.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(other.getByText("You’re signed out.")).toBeVisible();
  await other.goto("/sign-in");
  await fillPassword(other, ben);
  await expect(other.getByRole("button", { name: /Account of Ben/ })).toBeVisible();
  const cover = page.getByRole("dialog", { name: "Ben Roy is signed in now" });
  await cover.getByLabel(/Password for/).fill(password);
  await cover.getByRole("button", { name: "Sign in as Asha" }).click();
  await expect(cover.getByLabel("Six-digit code")).toBeFocused();
  await look("another-user-second-step");
  await cover.getByLabel("Six-digit code").fill(appCode(key));
  await cover.getByRole("button", { name: "Continue", exact: true }).click();
  await expect(cover).toHaveCount(0);
  await expect(page.getByLabel("Name")).toHaveValue("Asha, half typed");
});
