import { expect, it } from "vitest";
import { renderMail } from "./renderMail.ts";

it("a mail has a subject, HTML and text", () => {
  const recipient = { name: "Asha", timezone: "Asia/Kolkata", language: "en" } as const;
  const mail = renderMail({
    recipient,
    publicUrl: "https://example.com",
    links: {},
    kind: "code_sign_in",
    code: "123456",
  });
  expect(mail.text).toContain("123456");
  expect(mail.html).toContain("123456");
});
