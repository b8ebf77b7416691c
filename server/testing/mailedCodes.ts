import { codeSealer } from "../mail/accountMail.ts";
import { type TestApp, testSecret } from "./testApp.ts";

interface MailedCode {
  kind: string;
  code: string;
}

/** The codes that were mailed to an address, the newest first. */
export async function codesTo({ db }: TestApp, address: string): Promise<MailedCode[]> {
  const { rows } = await db.owner.query<{ kind: string; sealed_code: Buffer }>(
    `select kind, sealed_code from private.deliveries
     where address = $1 and sealed_code is not null order by created_at desc, id desc`,
    [address],
  );
  return rows.map(({ kind, sealed_code }) => ({
    kind,
    code: codeSealer(testSecret).open(sealed_code) ?? "",
  }));
}

/** The newest code that was mailed to an address. */
export async function codeTo(test: TestApp, address: string, kind?: string): Promise<string> {
  const found = (await codesTo(test, address)).find((one) => kind === undefined || one.kind === kind);
  if (!found) throw new Error(`No code was mailed to ${address}.`);
  return found.code;
}

/** Another code than this one. */
export function wrongCode(right: string): string {
  return right === "000000" ? "000001" : "000000";
}
