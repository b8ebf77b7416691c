import { asMinutes, MINUTE_MS } from "#scheduling/units.ts";
import type { Words } from "#words/languages.ts";
import { codeLifeMs } from "./accountMail.ts";
import type { Letter, LetterLink } from "./letter.ts";
import type { AccountContent, MailInput } from "./mailInput.ts";
import { nameInLine, quotedText } from "./mailText.ts";

export type AccountMailInput = Extract<MailInput, { kind: AccountContent["kind"] }>;

/**
 * A mail about an account. It greets no one by name: someone who enters a stranger's address could choose the name, and so
 * write to the stranger through us.
 */
export function accountLetter(words: Words, mail: AccountMailInput): Letter {
  const { codeMails, accountMails, loginMethodMails, loginMethodRest } = words.mailAccount;
  switch (mail.kind) {
    case "code_confirm_address":
      return codeLetter(words, mail, codeMails.confirmAddress);
    case "code_sign_in":
      return codeLetter(words, mail, codeMails.signIn);
    case "code_reset_password":
      return codeLetter(words, mail, codeMails.resetPassword);
    case "code_change_address":
      return codeLetter(words, mail, codeMails.changeAddress);
    case "address_changed": {
      const { old_address, new_address } = mail.facts;
      const facts = { before: nameInLine(old_address), now: nameInLine(new_address) };
      return noticeLetter(words, mail, accountMails.addressChanged(facts));
    }
    case "password_changed":
      return noticeLetter(words, mail, accountMails.passwordChanged);
    case "login_methods_changed":
      return noticeLetter(words, mail, { ...loginMethodMails[mail.facts.change], ...loginMethodRest });
    case "payout_account_changed":
      return noticeLetter(
        words,
        mail,
        mail.facts.change === "set"
          ? accountMails.payoutAccountSet(mail.facts.account)
          : accountMails.payoutAccountRemoved,
      );
    case "account_deleted":
      return noticeLetter(words, mail, accountMails.deleted);
    case "account_suspended": {
      const quote = { by: words.mailParts.mailQuotes.ours, text: quotedText(mail.facts.reason) };
      return { ...noticeLetter(words, mail, accountMails.suspended), tone: "bad", quote };
    }
    default:
      return mail satisfies never;
  }
}

interface Sentences {
  label: string;
  subject: string;
  heading: string;
  lead: string;
  next?: string | undefined;
}

/** The code is not in the subject, which also appears in logs and on pages for the operator. */
function codeLetter(
  { mailAccount, mailParts }: Words,
  { code, publicUrl }: Extract<AccountMailInput, { code: string }>,
  sentences: Sentences,
): Letter {
  return {
    ...sentences,
    tone: "primary",
    preview: mailAccount.codePreview(code),
    code,
    next: mailAccount.codeRules(asMinutes(codeLifeMs / MINUTE_MS)),
    actions: [],
    reason: mailParts.mailReasons.code(new URL(publicUrl).host),
  };
}

function noticeLetter({ mailParts }: Words, { links }: AccountMailInput, sentences: Sentences): Letter {
  const actions: LetterLink[] = links.see ? [{ label: mailParts.mailLinks.account, href: links.see }] : [];
  return {
    ...sentences,
    tone: "primary",
    preview: sentences.lead,
    actions,
    reason: mailParts.mailReasons.account,
  };
}
