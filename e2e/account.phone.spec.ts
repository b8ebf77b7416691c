import { appCode } from "../server/testing/twoFactor.ts";
import { letProofAge } from "./past.ts";
import { Person, password } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

test("account on a phone: every section, and two-factor from the first tap to the codes", {
  tag: "@long",
}, async ({ page, baseURL, look }) => {
  const asha = await Person.signUp("Asha Devi", baseURL!);
  await signIn(page, asha, "/account");
  await expect(page.getByText("This device")).toBeVisible();
  await look("account-phone");
  await letProofAge(asha.id);
  await page.getByRole("button", { name: "Set up two-factor" }).click();
  await expect(page.getByRole("dialog", { name: "Confirm it’s you" })).toBeVisible();
  await look("account-proof-phone");
  await page.keyboard.press("Escape");
  await asha.send("POST", "/me/proof", { password });
  // The same login, whose proof is fresh again.
  await page.getByRole("button", { name: "Set up two-factor" }).click();
  const dialog = page.getByRole("dialog", { name: "Set up two-factor" });
  await expect(dialog.getByRole("link", { name: "Open my authenticator app" })).toHaveAttribute(
    "href",
    /^otpauth:\/\/totp\/MatePeak/,
  );
  await look("two-factor-setup-phone");
  const secret = await page.getByLabel("Or type this key").inputValue();
  await dialog.getByLabel("Six-digit code from the app").fill(appCode({ secret }));
  await dialog.getByRole("button", { name: "Turn on" }).click();
  await expect(page.getByRole("list", { name: "Recovery codes" })).toBeVisible();
  await look("two-factor-codes-phone");
  await page.getByRole("button", { name: "I’ve saved them" }).click();
  await expect(page.getByText("10 recovery codes left.")).toBeVisible();
});

test("signing in on a phone: the ways and the second step", { tag: "@long" }, async ({ page, look }) => {
  await page.goto("/sign-in");
  await expect(page.getByRole("button", { name: "Continue with Google" })).toBeVisible();
  await look("sign-in-phone");
  await page.goto("/sign-in/second-step");
  await page.getByRole("button", { name: "Use a recovery code instead" }).click();
  await expect(page.getByLabel("Recovery code")).toBeFocused();
  await look("second-step-phone");
});
