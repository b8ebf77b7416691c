import { useState } from "react";
import { signInPage } from "#words/accounts.ts";
import { codeSignIn } from "#words/codes.ts";
import { controls } from "#words/controls.ts";
import { AccountPage } from "@/features/accounts/AccountPage.tsx";
import { emailIn } from "@/features/accounts/accountState.ts";
import { AskForCode } from "@/features/accounts/codes/AskForCode.tsx";
import { CodeInput, codePath, codeRule } from "@/features/accounts/codes/CodeInput.tsx";
import { CodeSentTo, OtherCode } from "@/features/accounts/codes/CodeSent.tsx";
import { useLogin } from "@/features/accounts/useLogin.ts";
import { paths } from "@/lib/paths.ts";
import { navigate } from "@/lib/router/location.ts";
import { Link, useLocation, useSearchParams } from "@/lib/router/router.tsx";
import { Alert } from "@/ui/Alert.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";

/** Signs in with a code by e-mail, for people with an account. */
export default function SignInWithCode() {
  const [search] = useSearchParams();
  const next = search.get("next") ?? undefined;
  const { state } = useLocation();
  const [email, setEmail] = useState(emailIn(state));
  const [isSent, setIsSent] = useState(false);
  return (
    <AccountPage title={codeSignIn.title} lead={codeSignIn.lead}>
      {isSent ? (
        <CodeForm email={email} next={next} onOtherAddress={() => setIsSent(false)} />
      ) : (
        <AskForCode
          purpose="sign-in"
          email={email}
          submitLabel={codeSignIn.send}
          onSent={(address) => {
            setEmail(address);
            setIsSent(true);
          }}
        />
      )}
      <p className="mt-6">
        <Link
          to={paths.signIn(next)}
          state={{ ...state, email }}
          className={buttonVariants({ variant: "link", size: "inline" })}
        >
          {codeSignIn.usePassword}
        </Link>
      </p>
    </AccountPage>
  );
}

type CodeFormProps = { email: string; next: string | undefined; onOtherAddress: () => void };

function CodeForm({ email, next, onOtherAddress }: CodeFormProps) {
  const { signInWithCode } = useLogin();
  const { state } = useLocation();
  const { register, submit, problem, formState } = useSavingForm({
    defaultValues: { code: "" },
    pathOf: codePath,
    save: async ({ code }: { code: string }) => {
      if ((await signInWithCode(email, code)) === "second step") navigate(paths.secondStep(next), { state });
    },
  });
  return (
    <form onSubmit={submit} noValidate className="space-y-5">
      <CodeSentTo email={email} />
      {problem && <Alert tone="bad">{problem}</Alert>}
      <CodeInput registered={register("code", codeRule)} error={formState.errors.code?.message} autoFocus />
      <Button type="submit" size="lg" pending={formState.isSubmitting} className="w-full">
        {formState.isSubmitting ? signInPage.submitting : controls.signIn}
      </Button>
      <OtherCode email={email} purpose="sign-in" onOtherAddress={onOtherAddress} />
    </form>
  );
}
