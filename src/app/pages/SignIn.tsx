import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { accountFields, signInPage } from "#words/accounts.ts";
import { forgotPassword } from "#words/codes.ts";
import { controls } from "#words/controls.ts";
import { AccountPage } from "@/features/accounts/AccountPage.tsx";
import { emailIn } from "@/features/accounts/accountState.ts";
import { googleProblem } from "@/features/accounts/googleSignIn.ts";
import { OtherWays } from "@/features/accounts/OtherWays.tsx";
import { PasswordInput } from "@/features/accounts/PasswordInput.tsx";
import { signInOptionsQuery } from "@/features/accounts/queries.ts";
import { useAccountForm } from "@/features/accounts/useAccountForm.ts";
import { type Credentials, useLogin } from "@/features/accounts/useLogin.ts";
import { paths } from "@/lib/paths.ts";
import { navigate } from "@/lib/router/location.ts";
import { Link, useLocation, useSearchParams } from "@/lib/router/router.tsx";
import { tabPerson } from "@/lib/tabPerson.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { withElements } from "@/ui/withElements.tsx";

export default function SignIn() {
  const { signIn } = useLogin();
  const { state } = useLocation();
  // The person whose login has ended in this tab.
  const [before] = useState(tabPerson.owner);
  const { register, submit, problem, next, formState, getValues } = useAccountForm<Credentials>(
    { email: emailIn(state) || (before?.email ?? ""), password: "" },
    async (credentials) => {
      if ((await signIn(credentials)) === "second step") navigate(paths.secondStep(next), { state });
    },
  );
  const { data: offered } = useQuery(signInOptionsQuery);
  const [search] = useSearchParams();
  const googleFailed = googleProblem(search.get("error"));
  const { errors, isSubmitting } = formState;
  return (
    <AccountPage
      title={before ? signInPage.titleAgain : signInPage.title}
      lead={withElements(before ? signInPage.leadAgain : signInPage.lead, {
        createAccount: (
          <Link
            state={state}
            to={paths.signUp(next)}
            className={buttonVariants({ variant: "link", size: "inline" })}
          >
            {signInPage.createAccount}
          </Link>
        ),
      })}
    >
      <form onSubmit={submit} noValidate className="space-y-5">
        {problem ? (
          <Alert tone="bad">{problem.detail}</Alert>
        ) : (
          googleFailed && <Alert tone="bad">{googleFailed}</Alert>
        )}
        <Field label={accountFields.email} error={errors.email?.message} required>
          {(control) => (
            <Input
              {...control}
              {...register("email", { required: accountFields.emailMissing })}
              type="email"
              autoComplete="username webauthn"
            />
          )}
        </Field>
        <Field label={accountFields.password} error={errors.password?.message} required>
          {(control) => (
            <PasswordInput
              {...control}
              {...register("password", { required: accountFields.passwordMissing })}
              autoComplete="current-password"
            />
          )}
        </Field>
        {!offered?.elsewhere && (
          <Button
            variant="link"
            size="inline"
            onClick={() =>
              navigate(paths.forgotPassword(next), { state: { ...state, email: getValues("email") } })
            }
          >
            {forgotPassword.link}
          </Button>
        )}
        <Button type="submit" size="lg" pending={isSubmitting} className="w-full">
          {isSubmitting ? signInPage.submitting : controls.signIn}
        </Button>
      </form>
      <OtherWays next={next} known emailNow={() => getValues("email")} />
    </AccountPage>
  );
}
