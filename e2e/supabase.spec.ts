import { freePort } from "../server/testing/freePort.ts";
import { factorCode, openSupabaseApp } from "../server/testing/supabaseApp.ts";
import { password } from "../server/testing/testApp.ts";
import { expect, test } from "./test.ts";

test("on a Supabase project: signing up, in and out, the second step, and the account page without what is Supabase's", {
  tag: "@long",
}, async ({ page, look }) => {
  const port = await freePort("127.0.0.1");
  const address = `http://127.0.0.1:${port}`;
  const project = await openSupabaseApp({ publicUrl: address });
  try {
    await project.app.listen({ host: "127.0.0.1", port });
    const asha = await project.createUser({}, { email: "asha@example.com" });
    await project.addFactor(asha.id);

    await page.goto(`${address}/sign-in?next=/account`);
    await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
    await expect(page.getByText("Forgot")).toHaveCount(0);
    await look("supabase-sign-in");
    const fill = async (typed: string) => {
      await page.getByLabel("E-mail").fill(asha.email);
      await page.getByLabel("Password", { exact: true }).fill(typed);
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
    };
    await fill("not the password");
    await expect(page.getByText("Wrong e-mail or password.")).toBeVisible();
    await fill(password);
    await page.getByLabel("Six-digit code").fill(factorCode);
    await expect(page.getByRole("checkbox")).toHaveCount(0);
    await look("supabase-second-step");
    await page.getByRole("button", { name: "Continue" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Your account" })).toBeVisible();
    await expect(page.getByRole("region")).toHaveText([
      /^Profile/,
      /^Notifications/,
      /^Calendars/,
      /^Calendar feed/,
      /^Your data/,
      /^Delete account/,
    ]);
    await look("supabase-account");
    await page.getByRole("button", { name: /Account of/ }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page.getByRole("link", { name: "Sign in" }).first()).toBeVisible();

    project.platform.confirmsByMail = true;
    await page.goto(`${address}/sign-up`);
    await page.getByLabel("Name").fill("Ravi Nair");
    await page.getByLabel("E-mail").fill("ravi@example.com");
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: /^Create/ }).click();
    await expect(
      page.getByText("Open the link in the e-mail that was sent to you, then sign in."),
    ).toBeVisible();
  } finally {
    await project.close();
  }
});
