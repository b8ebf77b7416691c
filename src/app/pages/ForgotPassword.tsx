import { useState } from "react";
import { forgotPassword } from "#words/codes.ts";
import { controls } from "#words/controls.ts";
import { AccountPage } from "@/features/accounts/AccountPage.tsx";
import { emailIn } from "@/features/accounts/accountState.ts";
import { AskForCode } from "@/features/accounts/codes/AskForCode.tsx";
import { CodeInput, codePath, codeRule } from "@/features/accounts/codes/CodeInput.tsx";
import { CodeSentTo, OtherCode } from "@/features/accounts/codes/CodeSent.tsx";
import { newPasswordHint, newPasswordRule } from "@/features/accounts/newPassword.ts";
import { PasswordInput } from "@/features/accounts/PasswordInput.tsx";
import { useLogin } from "@/features/accounts/useLogin.ts";
import { paths } from "@/lib/paths.ts";
import { navigate } from "@/lib/router/location.ts";
import { Link, useLocation, useSearchParams } from "@/lib/router/router.tsx";
import { toast } from "@/lib/toast.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Field } from "@/ui/Field.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { withElements } from "@/ui/withElements.tsx";

/** Replaces a forgotten password with a code by e-mail, and signs in. */
export default function ForgotPassword() {
  const [search] = useSearchParams();
  const next = search.get("next") ?? undefined;
  const { state } = useLocation();
  const [email, setEmail] = useState(emailIn(state));
  const [isSent, setIsSent] = useState(false);
  return (
    <AccountPage
      title={forgotPassword.title}
      lead={withElements(forgotPassword.lead, {
        signIn: (
          <Link
            to={paths.signIn(next)}
            state={{ ...state, email }}
            className={buttonVariants({ variant: "link", size: "inline" })}
          >
            {controls.signIn}
          </Link>
        ),
      })}
    >
      {isSent ? (
        <NewPasswordForm email={email} next={next} onOtherAddress={() => setIsSent(false)} />
      ) : (
        <AskForCode
          purpose="forget-password"
          email={email}
          submitLabel={forgotPassword.send}
          onSent={(address) => {
            setEmail(address);
            setIsSent(true);
          }}
        />
      )}
    </AccountPage>
  );
}

type NewPasswordFormProps = { email: string; next: string | undefined; onOtherAddress: () => void };

function NewPasswordForm({ email, next, onOtherAddress }: NewPasswordFormProps) {
  const { resetPassword } = useLogin();
  const { state } = useLocation();
  const { register, submit, problem, formState } = useSavingForm({
    defaultValues: { code: "", password: "" },
    pathOf: codePath,
    save: async ({ code, password }: { code: string; password: string }) => {
      const entry = await resetPassword(email, code, password);
      toast.success(forgotPassword.done, { description: forgotPassword.doneText });
      if (entry === "second step") navigate(paths.secondStep(next), { state });
    },
  });
  const { errors, isSubmitting } = formState;
  return (
    <form onSubmit={submit} noValidate className="space-y-5">
      <CodeSentTo email={email} />
      {problem && <Alert tone="bad">{problem}</Alert>}
      <input type="text" hidden readOnly autoComplete="username" value={email} />
      <CodeInput registered={register("code", codeRule)} error={errors.code?.message} autoFocus />
      <Field label={forgotPassword.password} hint={newPasswordHint} error={errors.password?.message} required>
        {(control) => (
          <PasswordInput
            {...control}
            {...register("password", newPasswordRule)}
            autoComplete="new-password"
          />
        )}
      </Field>
      <Button type="submit" size="lg" pending={isSubmitting} className="w-full">
        {forgotPassword.submit}
      </Button>
      <OtherCode email={email} purpose="forget-password" onOtherAddress={onOtherAddress} />
    </form>
  );
}
