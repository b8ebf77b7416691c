/** What a failure to send says: about this mail, or about the mail server. */
export type SendFailure =
  /** Sending again would fail again. `isUnreachable`: so would any other mail to this address. */
  | { kind: "rejected"; reason: string; isUnreachable: boolean }
  /** This mail may succeed later. */
  | { kind: "postponed"; reason: string }
  /** The connection ended: because of this mail, or the server is about to fail. */
  | { kind: "interrupted"; reason: string }
  /** No mail can be sent now. */
  | { kind: "down"; reason: string };

/** What a failure is for the log, which has no addresses: the server's codes, or nodemailer's. */
export function codeOfFailure(error: unknown): string {
  const { code, response } = error as SmtpError;
  return /^\d{3}(?:[ -]\d\.\d+\.\d+)?/.exec(response ?? "")?.[0] ?? code ?? "unknown";
}

interface SmtpError extends Error {
  code?: string;
  command?: string;
  /** The server's reply (RFC 5321, 4.2). */
  responseCode?: number;
  response?: string;
  syscall?: string;
}

/** Nodemailer's codes of failures before the server has seen the mail. */
const beforeTheMail = new Set([
  "EDNS",
  "ETLS",
  "EAUTH",
  "ENOAUTH",
  "EOAUTH2",
  "ECONFIG",
  "EPROXY",
  "EREQUIRETLS",
]);
/** RFC 3463: 5.1.x is a bad address, 5.2.1 a disabled mailbox. */
const badAddress = /^5\d\d[ -]5\.(1\.\d|2\.1)\b/;

/** Judges an error of nodemailer, whose code and command say where in the dialogue with the server it happened. */
export function judgeFailure(error: unknown): SendFailure {
  const { code, command, responseCode, response, message, syscall } = error as SmtpError;
  const reason = shorten(response ?? message);
  if (beforeTheMail.has(code ?? "") || syscall === "connect") return { kind: "down", reason };
  // 421: the server shuts down. A rejected sender concerns every mail.
  if (responseCode === 421 || isAboutSender(command)) return { kind: "down", reason };
  if (responseCode !== undefined && responseCode >= 500) {
    return {
      kind: "rejected",
      reason,
      isUnreachable: isAboutRecipient(command) || badAddress.test(response ?? ""),
    };
  }
  return { kind: responseCode === undefined ? "interrupted" : "postponed", reason };
}

const isAboutSender = (command: string | undefined) => /^(EHLO|HELO|STARTTLS|AUTH|MAIL)/.test(command ?? "");
const isAboutRecipient = (command: string | undefined) => /^RCPT/.test(command ?? "");

/** A server may reply with a page; the first line says it. */
function shorten(text: string): string {
  return (text.split(/[\r\n]/)[0] ?? "").slice(0, 300);
}

const retryMinutes = [1, 5, 15, 30, 60, 120];

/** Returns how long to wait after the n-th attempt at a mail, minutes. */
export function retryPause(attempt: number): number {
  return retryMinutes[Math.min(attempt, retryMinutes.length) - 1] ?? 1;
}
