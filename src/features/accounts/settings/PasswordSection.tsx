import { useQueryClient } from "@tanstack/react-query";
import type { Me } from "#contract/accounts.ts";
import { passwordSection } from "#words/accountPage.ts";
import { ownKeys } from "@/lib/queryKeys.ts";
import { toast } from "@/lib/toast.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Field } from "@/ui/Field.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { newPasswordHint } from "../newPassword.ts";
import { PasswordInput } from "../PasswordInput.tsx";
import { AccountSection } from "./AccountSection.tsx";
import { changePassword, setFirstPassword } from "./api.ts";
import { useProof } from "./useProof.tsx";
import { WithSignInMethods } from "./WithSignInMethods.tsx";

const nothing = { currentPassword: "", newPassword: "" };

export function PasswordSection({ me }: { me: Me }) {
  return (
    <AccountSection id="password">
      <WithSignInMethods userId={me.id}>
        {(methods) => (methods.password ? <ChangePassword me={me} /> : <FirstPassword me={me} />)}
      </WithSignInMethods>
    </AccountSection>
  );
}

function ChangePassword({ me }: { me: Me }) {
  const queryClient = useQueryClient();
  const { register, submit, problem, formState, reset } = useSavingForm({
    defaultValues: nothing,
    save: async (passwords: typeof nothing) => {
      await changePassword(passwords);
      reset(nothing);
      void queryClient.invalidateQueries({ queryKey: ownKeys.logins(me.id) });
      toast.success(passwordSection.changed, { description: passwordSection.changedText });
    },
  });
  const { errors, isSubmitting } = formState;
  return (
    <form onSubmit={submit} noValidate className="space-y-5">
      {problem && <Alert tone="bad">{problem}</Alert>}
      <input type="text" hidden readOnly autoComplete="username" value={me.email} />
      <div className="grid gap-5 sm:grid-cols-2">
        <Field label={passwordSection.current} error={errors.currentPassword?.message} required>
          {(control) => (
            <PasswordInput
              {...control}
              {...register("currentPassword", { required: passwordSection.currentMissing })}
              autoComplete="current-password"
            />
          )}
        </Field>
        <Field
          label={passwordSection.fresh}
          hint={newPasswordHint}
          error={errors.newPassword?.message}
          required
        >
          {(control) => (
            <PasswordInput
              {...control}
              {...register("newPassword", { required: passwordSection.freshMissing })}
              autoComplete="new-password"
            />
          )}
        </Field>
      </div>
      <Button type="submit" variant="secondary" pending={isSubmitting}>
        {passwordSection.submit}
      </Button>
    </form>
  );
}

/** For a person who came with Google, a passkey or a code. */
function FirstPassword({ me }: { me: Me }) {
  const queryClient = useQueryClient();
  const { withProof, proofDialog } = useProof(me);
  const { register, submit, problem, formState } = useSavingForm({
    defaultValues: { password: "" },
    save: async ({ password }: { password: string }) => {
      const isSet = await withProof(async () => {
        await setFirstPassword(password);
        return true;
      });
      if (!isSet) return;
      toast.success(passwordSection.added);
      await queryClient.invalidateQueries({ queryKey: ownKeys.signInMethods(me.id) });
    },
  });
  return (
    <>
      <form onSubmit={submit} noValidate className="max-w-sm space-y-5">
        <p className="text-ink-soft">{passwordSection.none}</p>
        {problem && <Alert tone="bad">{problem}</Alert>}
        <input type="text" hidden readOnly autoComplete="username" value={me.email} />
        <Field
          label={passwordSection.fresh}
          hint={newPasswordHint}
          error={formState.errors.password?.message}
          required
        >
          {(control) => (
            <PasswordInput
              {...control}
              {...register("password", { required: passwordSection.freshMissing })}
              autoComplete="new-password"
            />
          )}
        </Field>
        <Button type="submit" variant="secondary" pending={formState.isSubmitting}>
          {passwordSection.add}
        </Button>
      </form>
      {proofDialog}
    </>
  );
}
