import { useState } from "react";
import { Link, useLocation } from "react-router";
import { AccountPage } from "@/components/account/AccountPage";
import { emailIn } from "@/components/account/accountState";
import { PasswordInput } from "@/components/account/PasswordInput";
import { useAccountForm } from "@/components/account/useAccountForm";
import { Alert } from "@/components/ui/Alert";
import { Button, buttonVariants } from "@/components/ui/Button";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/Input";
import { type Credentials, useSession } from "@/lib/session";
import { tabPerson } from "@/lib/tabPerson";
import { paths } from "@/paths";

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
