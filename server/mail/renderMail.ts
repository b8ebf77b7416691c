import { notificationText } from "#contract/notificationText.ts";
import { wordsIn } from "#words/languages.ts";
import type { MailInput, RenderedMail } from "./mailInput.ts";

/** Writes a mail in the recipient's language. */
export function renderMail(mail: MailInput): RenderedMail {
  const words = wordsIn(mail.recipient.language);
  const subject = "code" in mail || !("role" in (mail.facts ?? {})) ? words.layout.brand : sentence(mail);
  const links = Object.values(mail.links).flatMap((link) =>
    typeof link === "object" ? Object.values(link) : link,
  );
  const text = [subject, "code" in mail ? mail.code : "", ...links].filter(Boolean).join("\n\n");
  return { subject, text, html: `<pre>${text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</pre>` };

  function sentence(about: MailInput): string {
    const sentences = words.notifications.notificationSentences;
    return notificationText(sentences, about as Parameters<typeof notificationText>[1], (instant) => instant);
  }
}
