import { useState } from "react";
import { type UseFormReturn, useForm } from "react-hook-form";
import type { Approval } from "#rules/approval.ts";
import { numberLimits } from "#rules/limits.ts";
import { accountFields } from "#words/accounts.ts";
import { accountStep, submitLabels } from "#words/bookDetails.ts";
import { PasswordInput } from "@/features/accounts/PasswordInput.tsx";
import { useLogin } from "@/features/accounts/useLogin.ts";
import { ApiProblem } from "@/lib/api.ts";
import { paths } from "@/lib/paths.ts";
import { navigate } from "@/lib/router/location.ts";
import { useLocation } from "@/lib/router/router.tsx";
import { tabPerson } from "@/lib/tabPerson.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { DialogBody, dialogColumn } from "@/ui/Dialog.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { StepHeading } from "@/ui/StepHeading.tsx";
import { withElements } from "@/ui/withElements.tsx";
import type { Choice } from "./bookingStep.ts";
import { StepFooter } from "./StepFooter.tsx";
import { agreedTotalOf } from "./totals.ts";
import type { BookingDetails } from "./useBookingDraft.ts";

type AccountStepProps = {
  choice: Choice;
  details: BookingDetails;
  approval: Approval;
  /** Instead of the choice and of the usual button, if it is about several sessions. */
  together?: { brief: string; submit: string };
  onSignedIn: () => void;
  onBack: () => void;
};

type AccountForm = { email: string; password: string };

/** Creates an account for a visitor, or signs them in, between the details and the booking. */
export function AccountStep({ choice, details, approval, together, onSignedIn, onBack }: AccountStepProps) {
  // The person who was signed in here until the sign-in expired.
  const [before] = useState(tabPerson.owner);
  const [isNew, setIsNew] = useState(before === null);
  const form = useForm<AccountForm>({
    defaultValues: { email: before?.email ?? details.email, password: "" },
  });
  const { problem, submit, clearProblem } = useAccountStep(form, isNew, details, onSignedIn);
  const { errors, isSubmitting } = form.formState;
  const switchTo = (next: boolean) => {
    clearProblem();
    form.clearErrors();
    setIsNew(next);
  };
  return (
    <form onSubmit={submit} noValidate className={dialogColumn}>
      <DialogBody>
        <div className="max-w-lg space-y-5">
          <StepHeading>
            {isNew ? accountStep.newTitle : before ? accountStep.expiredTitle : accountStep.knownTitle}
          </StepHeading>
          <Lead isNew={isNew} hasExpired={before !== null} email={details.email} />
          {problem && <Alert tone="bad">{problem.detail}</Alert>}
          {!isNew && (
            <Field label={accountFields.email} error={errors.email?.message} required>
              {(control) => (
                <Input
                  {...control}
                  {...form.register("email", { required: accountFields.emailMissing })}
                  type="email"
                  autoComplete="username"
                />
              )}
            </Field>
          )}
          {isNew && <input type="text" hidden readOnly autoComplete="username" value={details.email} />}
          <Field
            label={accountFields.password}
            {...(isNew && { hint: accountFields.newPasswordHint(numberLimits.passwordCharacters.min) })}
            error={errors.password?.message}
            required
          >
            {(control) => (
              <PasswordInput
                key={String(isNew)}
                {...control}
                {...form.register("password", {
                  required: isNew ? accountFields.newPasswordMissing : accountFields.passwordMissing,
                })}
                autoComplete={isNew ? "new-password" : "current-password"}
              />
            )}
          </Field>
          <Button variant="link" size="inline" onClick={() => switchTo(!isNew)}>
            {isNew ? accountStep.haveAccount : accountStep.noAccount}
          </Button>
        </div>
      </DialogBody>
      <StepFooter
        choice={together ? null : choice}
        total={agreedTotalOf(choice, details)}
        {...(!isSubmitting && { onBack })}
        action={
          <Button type="submit" pending={isSubmitting} className="flex-1">
            {together?.submit ?? submitLabels[approval]}
          </Button>
        }
      >
        {together && <p className="leading-snug font-bold">{together.brief}</p>}
      </StepFooter>
    </form>
  );
}

function Lead({ isNew, hasExpired, email }: { isNew: boolean; hasExpired: boolean; email: string }) {
  if (!isNew)
    return <p className="text-ink-soft">{hasExpired ? accountStep.expiredLead : accountStep.knownLead}</p>;
  return (
    <p className="text-ink-soft">
      {withElements(accountStep.newLead, {
        email: <strong className="break-all text-ink">{email}</strong>,
      })}
    </p>
  );
}

/** Signs up or in with the details typed before. A problem is shown at its field or above the form. */
function useAccountStep(
  form: UseFormReturn<AccountForm>,
  isNew: boolean,
  { name, email }: BookingDetails,
  onSignedIn: () => void,
) {
  const { signIn, signUp } = useLogin();
  const location = useLocation();
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const submit = form.handleSubmit(async (values) => {
    setProblem(null);
    try {
      const entry = await (isNew
        ? signUp({ name: name.trim(), email: email.trim(), password: values.password })
        : signIn(values));
      // The booking is kept in the meantime.
      if (entry === "second step")
        navigate(paths.secondStep(location.pathname + location.search), { state: location.state });
      else onSignedIn();
    } catch (thrown) {
      if (!(thrown instanceof ApiProblem)) throw thrown;
      const ofPassword = thrown.fieldErrors.find(({ field }) => field === "password");
      if (ofPassword) form.setError("password", { message: ofPassword.message }, { shouldFocus: true });
      else setProblem(thrown.code === "account_not_created" ? notCreated(thrown) : thrown);
    }
  });
  return { problem, submit, clearProblem: () => setProblem(null) };
}

/** Must not tell whether the address has an account, so it advises on both cases. */
function notCreated({ code, status }: ApiProblem): ApiProblem {
  return new ApiProblem(code, {
    status,
    detail: accountStep.notCreated,
  });
}
