import { useState } from "react";
import { Link, useLocation } from "react-router";
import { AccountPage } from "@/features/accounts/AccountPage.tsx";
import { emailIn } from "@/features/accounts/accountState.ts";
import { type Credentials, useSession } from "@/features/accounts/me.ts";
import { PasswordInput } from "@/features/accounts/PasswordInput.tsx";
import { useAccountForm } from "@/features/accounts/useAccountForm.ts";
import { paths } from "@/lib/paths.ts";
import { tabPerson } from "@/lib/tabPerson.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";

export default function SignIn() {
  const { signIn } = useSession();
  const { state } = useLocation();
  // Somebody was signed in in this tab, and the session has ended.
  const [before] = useState(tabPerson.owner);
  const { register, submit, problem, next, formState } = useAccountForm<Credentials>(
    { email: emailIn(state) || (before?.email ?? ""), password: "" },
    signIn,
  );
  const { errors, isSubmitting } = formState;
  return (
    <AccountPage
      title={before ? "Please sign in again" : "Sign in"}
      lead={
        <>
          {before && "Your session has ended. "}New here?{" "}
          <Link
            state={state}
            to={paths.signUp(next)}
            className={buttonVariants({ variant: "link", size: "inline" })}
          >
            Create an account
          </Link>
        </>
      }
    >
      <form onSubmit={submit} noValidate className="space-y-5">
        {problem && <Alert tone="bad">{problem.detail}</Alert>}
        <Field label="E-mail" error={errors.email?.message} required>
          {(control) => (
            <Input
              {...control}
              {...register("email", { required: "Please enter your e-mail address." })}
              type="email"
              autoComplete="username"
            />
          )}
        </Field>
        <Field label="Password" error={errors.password?.message} required>
          {(control) => (
            <PasswordInput
              {...control}
              {...register("password", { required: "Please enter your password." })}
              autoComplete="current-password"
            />
          )}
        </Field>
        <Button type="submit" size="lg" pending={isSubmitting} className="w-full">
          {isSubmitting ? "Signing in…" : "Sign in"}
        </Button>
      </form>
    </AccountPage>
  );
}
