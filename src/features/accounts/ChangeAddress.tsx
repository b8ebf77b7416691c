import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Me } from "#contract/accounts.ts";
import { typedCode } from "#contract/patterns.ts";
import { accountFields } from "#words/accounts.ts";
import { changeAddress, codeField } from "#words/codes.ts";
import { isEmail } from "@/lib/email.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { tabPerson } from "@/lib/tabPerson.ts";
import { toast } from "@/lib/toast.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { useAction } from "@/ui/useAction.ts";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { withElements } from "@/ui/withElements.tsx";
import { askForNewAddress, confirmNewAddress, sendChangeCode } from "./codes/api.ts";
import { CodeInput, codeRule } from "./codes/CodeInput.tsx";
import { PasswordInput } from "./PasswordInput.tsx";

type ChangeAddressProps = {
  me: Me;
  /** Without a password, a code from the present address allows the change. */
  hasPassword: boolean;
};

/** Changes the address of the own account, in two steps: who asks, then the code from the new address. */
export function ChangeAddress({ me, hasPassword }: ChangeAddressProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [sentTo, setSentTo] = useState<string | null>(null);
  if (!isOpen)
    return (
      <Button variant="secondary" onClick={() => setIsOpen(true)}>
        {changeAddress.send}
      </Button>
    );
  const keep = () => {
    setSentTo(null);
    setIsOpen(false);
  };
  if (sentTo !== null) return <NewAddressCode email={sentTo} onKeep={keep} />;
  return hasPassword ? (
    <WithPassword me={me} onSent={setSentTo} onKeep={keep} />
  ) : (
    <WithCode onSent={setSentTo} onKeep={keep} />
  );
}

const addressRule = {
  required: changeAddress.freshMissing,
  validate: (address: string) => isEmail(address.trim()) || accountFields.emailInvalid,
};

type StepProps = { onSent: (email: string) => void; onKeep: () => void };

function WithPassword({ me, onSent, onKeep }: StepProps & { me: Me }) {
  const { register, submit, problem, formState } = useSavingForm({
    defaultValues: { email: "", password: "" },
    save: async ({ email, password }: { email: string; password: string }) => {
      await askForNewAddress({ email: email.trim(), password });
      onSent(email.trim());
    },
  });
  const { errors, isSubmitting } = formState;
  return (
    <form onSubmit={submit} noValidate className="space-y-5">
      {problem && <Alert tone="bad">{problem}</Alert>}
      <input type="text" hidden readOnly autoComplete="username" value={me.email} />
      <div className="grid gap-5 sm:grid-cols-2">
        <Field label={changeAddress.fresh} error={errors.email?.message} required>
          {(control) => (
            <Input
              {...control}
              {...register("email", addressRule)}
              type="email"
              autoComplete="email"
              autoFocus
            />
          )}
        </Field>
        <Field label={changeAddress.password} error={errors.password?.message} required>
          {(control) => (
            <PasswordInput
              {...control}
              {...register("password", { required: changeAddress.passwordMissing })}
              autoComplete="current-password"
            />
          )}
        </Field>
      </div>
      <Buttons isSubmitting={isSubmitting} label={changeAddress.send} onKeep={onKeep} />
    </form>
  );
}

function WithCode({ onSent, onKeep }: StepProps) {
  const [isCodeSent, setIsCodeSent] = useState(false);
  const ask = useAction(
    async () => {
      await sendChangeCode();
      setIsCodeSent(true);
    },
    { failure: codeField.failed },
  );
  const { register, submit, problem, formState } = useSavingForm({
    defaultValues: { email: "", code: "" },
    save: async ({ email, code }: { email: string; code: string }) => {
      await askForNewAddress({ email: email.trim(), code: typedCode(code) });
      onSent(email.trim());
    },
  });
  const { errors, isSubmitting } = formState;
  if (!isCodeSent)
    return (
      <div className="flex flex-wrap gap-3">
        <Button variant="secondary" pending={ask.isPending} onClick={ask.run} autoFocus>
          {changeAddress.sendToPresent}
        </Button>
        <Button variant="ghost" onClick={onKeep}>
          {changeAddress.cancel}
        </Button>
      </div>
    );
  return (
    <form onSubmit={submit} noValidate className="space-y-5">
      {problem && <Alert tone="bad">{problem}</Alert>}
      <CodeInput
        label={changeAddress.codeToPresent}
        registered={register("code", codeRule)}
        error={errors.code?.message}
        autoFocus
      />
      <Field label={changeAddress.fresh} error={errors.email?.message} required className="max-w-sm">
        {(control) => (
          <Input {...control} {...register("email", addressRule)} type="email" autoComplete="email" />
        )}
      </Field>
      <Buttons isSubmitting={isSubmitting} label={changeAddress.send} onKeep={onKeep} />
    </form>
  );
}

function NewAddressCode({ email, onKeep }: { email: string; onKeep: () => void }) {
  const queryClient = useQueryClient();
  const { register, submit, problem, formState } = useSavingForm({
    defaultValues: { code: "" },
    save: async ({ code }: { code: string }) => {
      const me = await confirmNewAddress(email, typedCode(code));
      toast.success(changeAddress.changed);
      queryClient.setQueryData(queryKeys.me, tabPerson.meet(me));
      document.getElementById("address")?.focus();
    },
  });
  return (
    <form onSubmit={submit} noValidate className="space-y-5">
      <p>{withElements(changeAddress.sent, { email: <strong className="break-all">{email}</strong> })}</p>
      {problem && <Alert tone="bad">{problem}</Alert>}
      <CodeInput registered={register("code", codeRule)} error={formState.errors.code?.message} autoFocus />
      <p className="text-sm text-ink-soft">{changeAddress.nothingCame}</p>
      <Buttons isSubmitting={formState.isSubmitting} label={changeAddress.submit} onKeep={onKeep} />
    </form>
  );
}

function Buttons(props: { isSubmitting: boolean; label: string; onKeep: () => void }) {
  return (
    <div className="flex flex-wrap gap-3">
      <Button type="submit" variant="secondary" pending={props.isSubmitting}>
        {props.label}
      </Button>
      <Button variant="ghost" onClick={props.onKeep}>
        {changeAddress.cancel}
      </Button>
    </div>
  );
}
