import { Person, password } from "./people.ts";
import { expect, signIn, signInAs, test } from "./test.ts";

test("account: from the menu to the page; the name and the time zone", async ({ page, baseURL, look }) => {
  const asha = await Person.signUp("Asha Devi", baseURL!);
  await signIn(page, asha);
  await page.getByRole("button", { name: /Account of Asha/ }).click();
  await page.getByRole("link", { name: "Account", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Your account" })).toBeVisible();
  await expect(page.getByText("This device")).toBeVisible();
  await look("account");
  await page.getByLabel("Name").fill(" ");
  await page.getByRole("button", { name: "Save profile" }).click();
  await expect(page.getByText("Enter your name.")).toBeVisible();
  await page.getByLabel("Name").fill("Asha Kumar");
  await page.getByLabel("Time zone").selectOption("Asia/Kathmandu");
  await page.getByRole("button", { name: "Save profile" }).click();
  await expect(page.getByText("Profile saved.")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Name")).toHaveValue("Asha Kumar");
  await expect(page.getByLabel("Time zone")).toHaveValue("Asia/Kathmandu");
});

test("account: a new password needs the current one and signs out all other devices", async ({
  page,
  browser,
  baseURL,
  look,
}) => {
  const asha = await Person.signUp("Asha Devi", baseURL!);
  const elsewhere = await (await browser.newContext()).newPage();
  await signInAs(elsewhere, { email: asha.email, password }, "/account");
  await signIn(page, asha, "/account");
  const change = async (current: string, next: string) => {
    await page.getByLabel("Current password").fill(current);
    await page.getByLabel("New password").fill(next);
    await page.getByRole("button", { name: "Change password" }).click();
  };
  await change("not this one", "harbour lamp violet");
  await expect(page.getByLabel("Current password")).toHaveAttribute("aria-invalid", "true");
  await change(password, "qwerty123");
  await expect(page.getByText(/easy to guess/)).toBeVisible();
  await look("account-password-refused");
  await change(password, "harbour lamp violet");
  await expect(page.getByText("Password changed.")).toBeVisible();
  await expect(page.getByLabel("New password")).toHaveValue("");
  await elsewhere.reload();
  await expect(elsewhere.getByRole("heading", { name: "Sign in to see this" })).toBeVisible();
  await elsewhere.context().close();
});

test("account: signing out one device, and everywhere else", { tag: "@long" }, async ({
  page,
  browser,
  baseURL,
  look,
}) => {
  const asha = await Person.signUp("Asha Devi", baseURL!);
  const userAgent =
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Mobile Safari/537.36";
  const open = async () => {
    const context = await browser.newContext({ userAgent });
    const phone = await context.newPage();
    await signInAs(phone, { email: asha.email, password }, "/account");
    await expect(phone.getByText("This device")).toBeVisible();
    return phone;
  };
  const [phone, tablet] = [await open(), await open()];
  await signInAs(page, { email: asha.email, password }, "/account");
  const list = page.getByRole("list").filter({ has: page.getByText("This device") });
  await expect(list.getByRole("listitem")).toHaveCount(4);
  await expect(list.getByText("Chrome on Android")).toHaveCount(2);
  await look("account-devices");

  await page.getByRole("button", { name: "Sign out Chrome on Android" }).first().click();
  await expect(page.getByText("Chrome on Android is signed out.")).toBeVisible();
  await expect(list.getByRole("listitem")).toHaveCount(3);

  await page.getByRole("button", { name: "Sign out everywhere else" }).click();
  await look("account-sign-out-everywhere");
  await page.getByRole("dialog").getByRole("button", { name: "Sign out everywhere else" }).click();
  await expect(page.getByText("Everywhere else is signed out.")).toBeVisible();
  await expect(list.getByRole("listitem")).toHaveCount(1);
  await expect(page.getByRole("button", { name: "Sign out everywhere else" })).toHaveCount(0);
  for (const other of [phone, tablet]) {
    await other.reload();
    await expect(other.getByRole("heading", { name: "Sign in to see this" })).toBeVisible();
    await other.context().close();
  }
});

test("account: by keyboard, from the list of sections to a device that is signed out", {
  tag: "@long",
}, async ({ page, browser, baseURL }) => {
  const asha = await Person.signUp("Asha Devi", baseURL!);
  const elsewhere = await (await browser.newContext()).newPage();
  await signInAs(elsewhere, { email: asha.email, password }, "/account");
  await elsewhere.context().close();
  await signIn(page, asha, "/account");
  await expect(page.getByText("This device")).toBeVisible();
  await page.getByRole("link", { name: "Signed-in devices" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Signed-in devices" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Sign out Chrome on Windows" })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Sign out everywhere else?" });
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Sign out everywhere else" })).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Chrome on Windows is signed out.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Signed-in devices" })).toBeFocused();
});
