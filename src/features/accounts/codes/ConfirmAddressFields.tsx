import { codeField } from "#words/codes.ts";
import { Alert } from "@/ui/Alert.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { sendConfirmationCode } from "./api.ts";
import { CodeInput, codeRule } from "./CodeInput.tsx";
import { SendAgain } from "./SendAgain.tsx";
import type { useConfirmAddress } from "./useConfirmAddress.ts";

type ConfirmAddressFieldsProps = {
  email: string;
  form: ReturnType<typeof useConfirmAddress>;
};

/** Where the code went, the code, and a new one. */
export function ConfirmAddressFields({ email, form }: ConfirmAddressFieldsProps) {
  const { register, formState, problem } = form;
  return (
    <div className="space-y-5">
      <p className="text-ink-soft">
        {withElements(codeField.sentTo, { email: <strong className="break-all text-ink">{email}</strong> })}
      </p>
      {problem && <Alert tone="bad">{problem}</Alert>}
      <CodeInput registered={register("code", codeRule)} error={formState.errors.code?.message} autoFocus />
      <p>
        <SendAgain send={() => sendConfirmationCode(false)} />
      </p>
    </div>
  );
}
