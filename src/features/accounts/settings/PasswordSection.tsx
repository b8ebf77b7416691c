import { useQueryClient } from "@tanstack/react-query";
import type { Me } from "#contract/accounts.ts";
import { numberLimits } from "#rules/limits.ts";
import { passwordSection } from "#words/accountPage.ts";
import { accountFields } from "#words/accounts.ts";
import { ownKeys } from "@/lib/queryKeys.ts";
import { toast } from "@/lib/toast.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Field } from "@/ui/Field.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { PasswordInput } from "../PasswordInput.tsx";
import { AccountSection } from "./AccountSection.tsx";
import { changePassword } from "./api.ts";

const nothing = { currentPassword: "", newPassword: "" };

export function PasswordSection({ me }: { me: Me }) {
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
    <AccountSection id="password">
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
            hint={accountFields.newPasswordHint(numberLimits.passwordCharacters.min)}
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
    </AccountSection>
  );
}
