import type { CDPSession, Page } from "@playwright/test";
import { confirmAddress, letProofAge } from "./past.ts";
import { Person, password } from "./people.ts";
import { expect, signIn, test } from "./test.ts";

/** A device that keeps passkeys and knows who holds it. */
async function addAuthenticator(page: Page) {
  const session: CDPSession = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    /** Whether the person proves who they are, with a finger or a PIN. */
    verifies: (isUserVerified: boolean) =>
      session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
    /** Whether the person reacts at all. */
    reacts: (enabled: boolean) =>
      session.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled }),
    count: async () =>
      (await session.send("WebAuthn.getCredentials", { authenticatorId })).credentials.length,
  };
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: /Account of/ }).click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(page.getByRole("banner").getByRole("link", { name: "Sign in" })).toBeVisible();
}

test("passkeys: added after a proof, used to sign in and to prove, removed", { tag: "@long" }, async ({
  page,
  baseURL,
  look,
}) => {
  const asha = await Person.signUp("Asha Devi", baseURL!, "unconfirmed");
  const device = await addAuthenticator(page);
  await signIn(page, asha, "/account");
  const section = page.getByRole("region", { name: "Passkeys" });
  await expect(section.getByText("Confirm your e-mail address first.")).toBeVisible();
  await expect(section.getByRole("button", { name: "Add a passkey" })).toBeDisabled();
  await confirmAddress(asha.id);
  await letProofAge(asha.id);
  await page.reload();

  await section.getByRole("button", { name: "Add a passkey" }).click();
  const dialog = page.getByRole("dialog", { name: "Confirm it’s you" });
  await expect(dialog.getByLabel("Your password")).toBeFocused();
  await look("account-proof");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  expect(await device.count()).toBe(0);
  await section.getByRole("button", { name: "Add a passkey" }).click();
  await dialog.getByLabel("Your password").fill("not this one");
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await expect(dialog.getByText("Wrong password.")).toBeVisible();
  await dialog.getByLabel("Your password").fill(password);
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByText("Passkey added.")).toBeVisible();
  await expect(section.getByText(/Chrome on|Passkey/).first()).toBeVisible();
  await expect(section.getByText("Not used yet")).toBeVisible();
  expect(await device.count()).toBe(1);
  await look("account-passkeys");
  await section.getByRole("button", { name: "Add a passkey" }).click();
  await expect(section.getByText("This device already has a passkey for your account.")).toBeVisible();

  // In the field of the address the browser would sign in at once.
  await device.reacts(false);
  await signOut(page);
  await page.goto("/sign-in?next=/account");
  await look("sign-in-ways");
  await device.reacts(true);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Your account" })).toBeVisible();
  await expect(section.getByText("Last used just now")).toBeVisible();

  await letProofAge(asha.id);
  await section.getByRole("button", { name: /Remove passkey/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove passkey" }).click();
  await dialog.getByRole("button", { name: "Use a passkey" }).click();
  await expect(page.getByText("Passkey removed.")).toBeVisible();
  await expect(section.getByRole("listitem")).toHaveCount(0);

  await device.reacts(false);
  await signOut(page);
  await page.goto("/sign-in");
  await device.reacts(true);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await expect(page.getByText("This passkey didn’t work.")).toBeVisible();
});

test("passkeys: a device that does not know who holds it signs no one in", { tag: "@long" }, async ({
  page,
  baseURL,
}) => {
  const asha = await Person.signUp("Asha Devi", baseURL!);
  const device = await addAuthenticator(page);
  await signIn(page, asha, "/account");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await expect(page.getByText("Passkey added.")).toBeVisible();
  await device.reacts(false);
  await signOut(page);
  await page.goto("/sign-in");
  await device.verifies(false);
  await device.reacts(true);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await expect(page.getByText("We didn’t get a passkey.")).toBeVisible();
  await device.verifies(true);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await expect(page.getByRole("button", { name: /Account of Asha/ })).toBeVisible();
});

test("passkeys: offered in the field of the address", { tag: "@long" }, async ({ page, baseURL }) => {
  const asha = await Person.signUp("Asha Devi", baseURL!);
  await confirmAddress(asha.id);
  await addAuthenticator(page);
  await signIn(page, asha, "/account");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await expect(page.getByText("Passkey added.")).toBeVisible();
  await signOut(page);
  await page.goto("/sign-in?next=/account");
  // The test's device answers by itself; in a browser the person chooses the passkey from the field's list.
  await expect(page.getByRole("heading", { level: 1, name: "Your account" })).toBeVisible();
});
