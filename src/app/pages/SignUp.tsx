import { useState } from "react";
import { Link, useLocation, useSearchParams } from "react-router";
import { numberLimits, textLimits } from "#rules/limits.ts";
import { AccountPage } from "@/features/accounts/AccountPage.tsx";
import { emailIn } from "@/features/accounts/accountState.ts";
import { type NewAccount, useSession } from "@/features/accounts/me.ts";
import { PasswordInput } from "@/features/accounts/PasswordInput.tsx";
import { useAccountForm } from "@/features/accounts/useAccountForm.ts";
import { isEmail } from "@/lib/email.ts";
import { paths } from "@/lib/paths.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Checkbox } from "@/ui/Checkbox.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";

const shortest = numberLimits.passwordCharacters.min;
const emailRule = {
  required: "Please enter your e-mail address.",
  validate: (address: string) => isEmail(address) || "This is not a valid e-mail address.",
};
const passwordRule = {
  required: "Please choose a password.",
  minLength: { value: shortest, message: `Use at least ${shortest} characters.` },
};

export default function SignUp() {
  const { signUp } = useSession();
  const { state } = useLocation();
  const start = { name: "", email: emailIn(state), password: "" };
  const { register, submit, problem, next, formState, getValues } = useAccountForm<NewAccount>(start, signUp);
  const { errors, isSubmitting } = formState;
  return (
    <AccountPage
      title="Create your account"
      lead={
        <>
          Already have one?{" "}
          <Link
            state={state}
            to={paths.signIn(next)}
            className={buttonVariants({ variant: "link", size: "inline" })}
          >
            Sign in
          </Link>
        </>
      }
    >
      <form onSubmit={submit} noValidate className="space-y-5">
        {problem?.code === "account_not_created" ? (
          <NotCreated signIn={paths.signIn(next)} state={{ ...state, email: getValues("email") }} />
        ) : (
          problem && <Alert tone="bad">{problem.detail}</Alert>
        )}
        <Field label="Name" hint="As your mentor will see it." error={errors.name?.message} required>
          {(control) => (
            <Input
              {...control}
              {...register("name", { validate: (name) => name.trim() !== "" || "Please enter your name." })}
              autoComplete="name"
              maxLength={textLimits.personName}
            />
          )}
        </Field>
        <Field label="E-mail" error={errors.email?.message} required>
          {(control) => (
            <Input {...control} {...register("email", emailRule)} type="email" autoComplete="email" />
          )}
        </Field>
        <Field
          label="Password"
          hint={`At least ${shortest} characters.`}
          error={errors.password?.message}
          required
        >
          {(control) => (
            <PasswordInput {...control} {...register("password", passwordRule)} autoComplete="new-password" />
          )}
        </Field>
        <WantToMentor />
        <Button type="submit" size="lg" pending={isSubmitting} className="w-full">
          {isSubmitting ? "Creating your account…" : "Create account"}
        </Button>
      </form>
    </AccountPage>
  );
}

/** Whether the address has an account is not for everybody to know: the way on is the same. */
function NotCreated({ signIn, state }: { signIn: string; state: unknown }) {
  return (
    <Alert tone="bad">
      We could not create an account with this e-mail address and password. If you have used MatePeak before,{" "}
      <Link to={signIn} state={state} className={buttonVariants({ variant: "link", size: "inline" })}>
        sign in with your old password
      </Link>
      .
    </Alert>
  );
}

/** Leads to the mentor's setup afterwards instead of back: where one goes on stands in the address. */
function WantToMentor() {
  const [search, setSearch] = useSearchParams();
  const { state } = useLocation();
  const [before] = useState(() => search.get("next"));
  const next = search.get("next") ?? "";
  // Whoever is about to book comes back to that.
  if (next.includes("book=")) return null;
  const start = paths.mentorStart();
  const back = new URLSearchParams(before !== null && before !== start ? { next: before } : {});
  return (
    <Checkbox
      label="I want to mentor"
      detail="We set up your page together, in five minutes."
      checked={next === start}
      onChange={({ target }) => setSearch(target.checked ? { next: start } : back, { replace: true, state })}
    />
  );
}
