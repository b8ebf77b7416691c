import { type APIRequestContext, expect } from "@playwright/test";

/** A mail in the local mailbox, as a mail program sees it. */
export interface Mail {
  subject: string;
  text: string;
  html: string;
  headers: string[];
  parts: { type: string; name: string; header: string; text: string }[];
}

/** Returns the mails to an address, newest first. */
async function mailsTo(request: APIRequestContext, address: string): Promise<Mail[]> {
  const answer = await request.get(`/dev/mail.json?to=${encodeURIComponent(address)}`);
  return ((await answer.json()) as { data: Mail[] }).data;
}

/** Waits for the newest mail to an address with this subject. */
export async function mailTo(request: APIRequestContext, address: string, subject: RegExp): Promise<Mail> {
  let found: Mail | undefined;
  await expect(async () => {
    const mails = await mailsTo(request, address);
    found = mails.find((mail) => subject.test(mail.subject));
    expect(mails.map((mail) => mail.subject)).toContainEqual(expect.stringMatching(subject));
  }).toPass({ timeout: 15_000 });
  return found!;
}

/** Returns the address of a link in a mail: its path with query and fragment. */
export function linkIn({ text }: Mail, part: string): string {
  const address = text.match(/https?:\/\/\S+/g)?.find((each) => each.includes(part)) ?? "";
  const { pathname, search, hash } = new URL(address);
  return pathname + search + hash;
}

/** Returns a property of the invitation in a mail, unfolded (RFC 5545, 3.1); undefined if it has none. */
export function invitationIn({ parts }: Mail): ((name: string) => string) | undefined {
  const part = parts.find(({ type }) => type === "text/calendar");
  if (!part) return undefined;
  const lines = part.text.replace(/\r?\n[ \t]/g, "").split(/\r?\n/);
  return (name) => {
    const event = lines.slice(lines.indexOf("BEGIN:VEVENT"));
    const line = [...event, ...lines].find(
      (each) => each.startsWith(`${name}:`) || each.startsWith(`${name};`),
    );
    return line?.slice(line.indexOf(":") + 1) ?? "";
  };
}

/** Waits for the newest code that was mailed to an address under this subject, other than one that is known. */
export async function codeTo(
  request: APIRequestContext,
  address: string,
  subject: RegExp,
  known?: string,
): Promise<string> {
  let code: string | undefined;
  await expect(async () => {
    const mail = (await mailsTo(request, address)).find((each) => subject.test(each.subject));
    code = /^\s*(\d{3})\s?(\d{3})\s*$/m
      .exec(mail?.text ?? "")
      ?.slice(1)
      .join("");
    expect(code).toBeDefined();
    expect(code).not.toBe(known);
  }).toPass({ timeout: 15_000 });
  return code!;
}
