import { Person } from "./people.ts";
import { expect, sidewaysScroll, signIn, test } from "./test.ts";

test("the whole way by keyboard on a narrow window", { tag: "@long" }, async ({ page, baseURL, look }) => {
  const person = await Person.signUp("Noor Ali", baseURL!);
  await signIn(page, person, "/mentor");
  await expect(page).toHaveURL(/\/mentor\/start/);
  const type = async (label: string, text: string) => {
    await page.getByLabel(label).focus();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type(text);
  };
  const heading = (name: string) => expect(page.getByRole("heading", { name })).toBeFocused();
  await type("Username", `noor-${Date.now().toString(36)}`);
  await page.keyboard.press("Enter");
  await heading("What you help with");
  await type("Headline", "Law school applications");
  await page.keyboard.press("Enter");
  await heading("Your first service");
  await type("Price in INR", "0");
  await look("setup-service");
  await page.keyboard.press("Enter");
  await heading("Weekly hours");
  await page.getByText("All steps").focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: "Done: Your first service" })).toBeVisible();
  await page.getByLabel("Saturday").focus();
  await page.keyboard.press("Space");
  await page.getByLabel("From").focus();
  await page.keyboard.press("Enter");
  await heading("Where you meet");
  await type("Meeting link", "https://meet.example.com/noor");
  await page.keyboard.press("Enter");
  await heading("Publish your page");
  await look("setup-publish");
  await page.getByRole("button", { name: "Publish my page" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Your page is public" })).toBeVisible();
  await expect(page.getByText("6 of 6 done")).toBeVisible();
  await look("setup-public");
});

test("the tabs of the workspace scroll in a narrow window, each whole and the current one in sight", {
  tag: "@long",
}, async ({ page, baseURL, look }) => {
  const person = await Person.signUp("Noor Ali", baseURL!);
  const username = `noor-t${Date.now().toString(36)}`;
  await person.send("POST", "/mentors", { username, full_name: "Noor Ali", timezone: "Asia/Kolkata" });
  await signIn(page, person, "/mentor/profile");
  const tabs = page.getByRole("navigation", { name: "Mentor workspace" });
  await expect(tabs.getByRole("link", { name: "Profile" })).toBeInViewport({ ratio: 1 });
  for (const tab of await tabs.getByRole("link").all()) {
    expect(await tab.evaluate((link) => link.scrollWidth - link.clientWidth)).toBeLessThanOrEqual(0);
  }
  await look("workspace-tabs");
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
  await expect(tabs.getByRole("link", { name: "Profile" })).toBeInViewport({ ratio: 1 });
});
