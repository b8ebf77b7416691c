import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { secondStep } from "#words/signIn.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Checkbox } from "@/ui/Checkbox.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { signInOptionsQuery } from "./queries.ts";
import { type SecondStep, useLogin } from "./useLogin.ts";

/** The second step of a sign-in: a code of the authenticator app, or a recovery code. */
export default function SecondStepForm() {
  const { finishSignIn } = useLogin();
  const { data: offered } = useQuery(signInOptionsQuery);
  const [by, setBy] = useState<SecondStep["by"]>("app");
  const { register, submit, problem, formState, resetField, setFocus } = useSavingForm({
    defaultValues: { code: "", trustDevice: false },
    save: async (typed: Omit<SecondStep, "by">) => {
      await finishSignIn({ by, ...typed, code: typed.code.trim() });
    },
  });
  const { errors, isSubmitting } = formState;
  const isApp = by === "app";
  const switchOver = () => {
    setBy(isApp ? "recovery code" : "app");
    resetField("code");
    setFocus("code");
  };
  return (
    <form onSubmit={submit} noValidate className="space-y-5">
      <p className="text-ink-soft">{isApp ? secondStep.lead : secondStep.leadRecovery}</p>
      {problem && <Alert tone="bad">{problem}</Alert>}
      <Field label={isApp ? secondStep.code : secondStep.recoveryCode} error={errors.code?.message} required>
        {(control) => (
          <Input
            {...control}
            {...register("code", { required: secondStep.codeMissing })}
            inputMode={isApp ? "numeric" : "text"}
            autoComplete={isApp ? "one-time-code" : "off"}
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            className="font-mono tracking-widest"
          />
        )}
      </Field>
      {!offered?.elsewhere && (
        <Checkbox label={secondStep.trust} detail={secondStep.trustDetail} {...register("trustDevice")} />
      )}
      <Button type="submit" size="lg" pending={isSubmitting} className="w-full">
        {secondStep.submit}
      </Button>
      {!offered?.elsewhere && (
        <Button variant="link" size="inline" onClick={switchOver}>
          {isApp ? secondStep.useRecovery : secondStep.useApp}
        </Button>
      )}
    </form>
  );
}
