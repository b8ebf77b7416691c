import { accountFields } from "#words/accounts.ts";
import { isEmail } from "@/lib/email.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { sendCodeTo } from "./api.ts";

type AskForCodeProps = {
  purpose: Parameters<typeof sendCodeTo>[1];
  email: string;
  submitLabel: string;
  onSent: (email: string) => void;
};

const emailRule = {
  required: accountFields.emailMissing,
  validate: (address: string) => isEmail(address.trim()) || accountFields.emailInvalid,
};

/** The address that a code is sent to. */
export function AskForCode({ purpose, email, submitLabel, onSent }: AskForCodeProps) {
  const { register, submit, problem, formState } = useSavingForm({
    defaultValues: { email },
    save: async (typed: { email: string }) => {
      const address = typed.email.trim();
      await sendCodeTo(address, purpose);
      onSent(address);
    },
  });
  return (
    <form onSubmit={submit} noValidate className="space-y-5">
      {problem && <Alert tone="bad">{problem}</Alert>}
      <Field label={accountFields.email} error={formState.errors.email?.message} required>
        {(control) => (
          <Input {...control} {...register("email", emailRule)} type="email" autoComplete="username" />
        )}
      </Field>
      <Button type="submit" size="lg" pending={formState.isSubmitting} className="w-full">
        {submitLabel}
      </Button>
    </form>
  );
}
