import { useState } from "react";
import { type UseFormReturn, useForm } from "react-hook-form";
import { numberLimits } from "#rules/limits.ts";
import { useSession } from "@/features/accounts/me.ts";
import { PasswordInput } from "@/features/accounts/PasswordInput.tsx";
import { ApiProblem } from "@/lib/api.ts";
import { tabPerson } from "@/lib/tabPerson.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { DialogBody, dialogColumn } from "@/ui/Dialog.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { StepHeading } from "@/ui/StepHeading.tsx";
import type { Choice } from "./bookingStep.ts";
import { StepFooter } from "./StepFooter.tsx";
import type { BookingDetails } from "./useBookingDraft.ts";

type AccountStepProps = {
  choice: Choice;
  total: number;
  details: BookingDetails;
  /** What the last button is called once somebody is signed in: "Confirm booking". */
  finish: string;
  onSignedIn: () => void;
  onBack: () => void;
};

type AccountForm = { email: string; password: string };

/** Between the details and the booking, for a visitor: one password is all that is missing. */
export function AccountStep({ choice, total, details, finish, onSignedIn, onBack }: AccountStepProps) {
  // Somebody was signed in here, and the session has ended.
  const [before] = useState(tabPerson.owner);
  const [isNew, setIsNew] = useState(before === null);
  const form = useForm<AccountForm>({
    defaultValues: { email: before?.email ?? details.email, password: "" },
  });
  const { problem, submit, forgetProblem } = useAccountStep(form, isNew, details, onSignedIn);
  const { errors, isSubmitting } = form.formState;
  const turn = (next: boolean) => {
    forgetProblem();
    form.clearErrors();
    setIsNew(next);
  };
  return (
    <form onSubmit={submit} noValidate className={dialogColumn}>
      <DialogBody>
        <div className="max-w-lg space-y-5">
          <StepHeading>
            {isNew
              ? "Almost yours: choose a password"
              : before
                ? "Please sign in again"
                : "Sign in to finish"}
          </StepHeading>
          <Lead isNew={isNew} hasExpired={before !== null} email={details.email} />
          {problem && <Alert tone="bad">{problem.detail}</Alert>}
          {!isNew && (
            <Field label="E-mail" error={errors.email?.message} required>
              {(control) => (
                <Input
                  {...control}
                  {...form.register("email", { required: "Please enter your e-mail address." })}
                  type="email"
                  autoComplete="username"
                />
              )}
            </Field>
          )}
          {isNew && <input type="text" hidden readOnly autoComplete="username" value={details.email} />}
          <Field
            label="Password"
            {...(isNew && { hint: `At least ${numberLimits.passwordCharacters.min} characters.` })}
            error={errors.password?.message}
            required
          >
            {(control) => (
              <PasswordInput
                key={String(isNew)}
                {...control}
                {...form.register("password", {
                  required: isNew ? "Please choose a password." : "Please enter your password.",
                })}
                autoComplete={isNew ? "new-password" : "current-password"}
              />
            )}
          </Field>
          <Button variant="link" size="inline" onClick={() => turn(!isNew)}>
            {isNew ? "I already have an account: sign in" : "I have no account yet"}
          </Button>
        </div>
      </DialogBody>
      <StepFooter
        choice={choice}
        total={total}
        {...(!isSubmitting && { onBack })}
        action={
          <Button type="submit" pending={isSubmitting} className="flex-1">
            {finish}
          </Button>
        }
      />
    </form>
  );
}

function Lead({ isNew, hasExpired, email }: { isNew: boolean; hasExpired: boolean; email: string }) {
  if (hasExpired && !isNew)
    return <p className="text-ink-soft">Your session has ended. Everything you filled in is kept.</p>;
  if (!isNew) return <p className="text-ink-soft">Everything you filled in is kept.</p>;
  return (
    <p className="text-ink-soft">
      With it you can see, move and cancel your session. Your account is for{" "}
      <strong className="break-all text-ink">{email}</strong>.
    </p>
  );
}

/** Signs up or in with what is known already, and says what was wrong at its field or above the form. */
function useAccountStep(
  form: UseFormReturn<AccountForm>,
  isNew: boolean,
  { name, email }: BookingDetails,
  onSignedIn: () => void,
) {
  const { signIn, signUp } = useSession();
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const submit = form.handleSubmit(async (values) => {
    setProblem(null);
    try {
      await (isNew
        ? signUp({ name: name.trim(), email: email.trim(), password: values.password })
        : signIn(values));
      onSignedIn();
    } catch (thrown) {
      if (!(thrown instanceof ApiProblem)) throw thrown;
      const ofPassword = thrown.fieldErrors.find(({ field }) => field === "password");
      if (ofPassword) form.setError("password", { message: ofPassword.message }, { shouldFocus: true });
      else setProblem(thrown.code === "account_not_created" ? notCreated(thrown) : thrown);
    }
  });
  return { problem, submit, forgetProblem: () => setProblem(null) };
}

/** Whether the address has an account is not said; what helps in both cases is. */
function notCreated({ code, status }: ApiProblem): ApiProblem {
  return new ApiProblem(code, {
    status,
    detail:
      "We could not create an account with this e-mail address and password. If you have used MatePeak before, sign in with your old password; otherwise go back and use another address.",
  });
}
