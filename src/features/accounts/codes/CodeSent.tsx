import { codeField, codeSignIn } from "#words/codes.ts";
import { Button } from "@/ui/Button.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { sendCodeTo } from "./api.ts";
import { SendAgain } from "./SendAgain.tsx";

/** Where a code went, which may be nowhere: the page must not reveal whether the address has an account. */
export function CodeSentTo({ email }: { email: string }) {
  return (
    <p className="text-ink-soft">
      {withElements(codeField.sentIfKnown, {
        email: <strong className="break-all text-ink">{email}</strong>,
      })}
    </p>
  );
}

type OtherCodeProps = {
  email: string;
  purpose: Parameters<typeof sendCodeTo>[1];
  onOtherAddress: () => void;
};

/** A new code, or another address. */
export function OtherCode({ email, purpose, onOtherAddress }: OtherCodeProps) {
  return (
    <div className="flex flex-wrap justify-between gap-x-6 gap-y-2">
      <SendAgain send={() => sendCodeTo(email, purpose)} />
      <Button variant="link" size="inline" onClick={onOtherAddress}>
        {codeSignIn.otherAddress}
      </Button>
    </div>
  );
}
