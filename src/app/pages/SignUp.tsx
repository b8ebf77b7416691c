import { useState } from "react";
import { textLimits } from "#rules/limits.ts";
import { accountFields, signUpPage } from "#words/accounts.ts";
import { controls } from "#words/controls.ts";
import { AccountPage } from "@/features/accounts/AccountPage.tsx";
import { emailIn } from "@/features/accounts/accountState.ts";
import { newPasswordHint, newPasswordRule } from "@/features/accounts/newPassword.ts";
import { OtherWays } from "@/features/accounts/OtherWays.tsx";
import { PasswordInput } from "@/features/accounts/PasswordInput.tsx";
import { useAccountForm } from "@/features/accounts/useAccountForm.ts";
import { type NewAccount, useLogin } from "@/features/accounts/useLogin.ts";
import { isEmail } from "@/lib/email.ts";
import { paths } from "@/lib/paths.ts";
import type { State } from "@/lib/router/location.ts";
import { navigate } from "@/lib/router/location.ts";
import { Link, useLocation, useSearchParams } from "@/lib/router/router.tsx";
import { Alert } from "@/ui/Alert.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Checkbox } from "@/ui/Checkbox.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { withElements } from "@/ui/withElements.tsx";

const emailRule = {
  required: accountFields.emailMissing,
  validate: (address: string) => isEmail(address) || accountFields.emailInvalid,
};

export default function SignUp() {
  const { signUp } = useLogin();
  const { state } = useLocation();
  const start = { name: "", email: emailIn(state), password: "" };
  const { register, submit, problem, next, formState, getValues } = useAccountForm<NewAccount>(
    start,
    async (account) => {
      if ((await signUp(account)) === "second step") navigate(paths.secondStep(next), { state });
    },
  );
  const { errors, isSubmitting } = formState;
  return (
    <AccountPage
      title={signUpPage.title}
      lead={withElements(signUpPage.lead, {
        signIn: (
          <Link
            state={state}
            to={paths.signIn(next)}
            className={buttonVariants({ variant: "link", size: "inline" })}
          >
            {controls.signIn}
          </Link>
        ),
      })}
    >
      <form onSubmit={submit} noValidate className="space-y-5">
        {problem?.code === "account_not_created" ? (
          <NotCreated signIn={paths.signIn(next)} state={{ ...state, email: getValues("email") }} />
        ) : (
          problem && <Alert tone="bad">{problem.detail}</Alert>
        )}
        <Field label={accountFields.name} hint={accountFields.nameHint} error={errors.name?.message} required>
          {(control) => (
            <Input
              {...control}
              {...register("name", { validate: (name) => name.trim() !== "" || accountFields.nameMissing })}
              autoComplete="name"
              maxLength={textLimits.personName}
            />
          )}
        </Field>
        <Field label={accountFields.email} error={errors.email?.message} required>
          {(control) => (
            <Input {...control} {...register("email", emailRule)} type="email" autoComplete="email" />
          )}
        </Field>
        <Field
          label={accountFields.password}
          hint={newPasswordHint}
          error={errors.password?.message}
          required
        >
          {(control) => (
            <PasswordInput
              {...control}
              {...register("password", newPasswordRule)}
              autoComplete="new-password"
            />
          )}
        </Field>
        <WantToMentor />
        <Button type="submit" size="lg" pending={isSubmitting} className="w-full">
          {isSubmitting ? signUpPage.submitting : signUpPage.submit}
        </Button>
      </form>
      <OtherWays next={next} />
    </AccountPage>
  );
}

/** Does not reveal whether the address has an account. */
function NotCreated({ signIn, state }: { signIn: string; state: State }) {
  return (
    <Alert tone="bad">
      {withElements(signUpPage.notCreated, {
        signIn: (
          <Link to={signIn} state={state} className={buttonVariants({ variant: "link", size: "inline" })}>
            {signUpPage.signInInstead}
          </Link>
        ),
      })}
    </Alert>
  );
}

/** Redirects to the mentor setup after signing up instead of back; the address holds where to go. */
function WantToMentor() {
  const [search, setSearch] = useSearchParams();
  const { state } = useLocation();
  const [before] = useState(() => search.get("next"));
  const next = search.get("next") ?? "";
  // A person who is booking returns to the booking.
  if (next.includes("book=")) return null;
  const start = paths.mentorStart();
  const back = new URLSearchParams(before !== null && before !== start ? { next: before } : {});
  return (
    <Checkbox
      label={signUpPage.mentor}
      detail={signUpPage.mentorDetail}
      checked={next === start}
      onChange={({ target }) =>
        setSearch(target.checked ? new URLSearchParams({ next: start }) : back, { replace: true, state })
      }
    />
  );
}
