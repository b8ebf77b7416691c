import type { CalendarConnection } from "#contract/calendarConnections.ts";
import { connectionFix } from "#words/calendarConnections.ts";
import { controls } from "#words/controls.ts";
import { PasswordInput } from "@/features/accounts/PasswordInput.tsx";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { syncConnection, updateConnection } from "./api.ts";

type NewLoginFormProps = {
  connection: CalendarConnection;
  kind: "password" | "address";
  onCancel: () => void;
  onSaved: () => Promise<void>;
};

/** A new password, or a feed's new address. It is tried before it is saved, and the calendars are read with it. */
export function NewLoginForm({ connection, kind, onCancel, onSaved }: NewLoginFormProps) {
  const { register, submit, problem, formState } = useSavingForm({
    defaultValues: { login: "" },
    save: async ({ login }: { login: string }) => {
      await updateConnection(
        connection.id,
        kind === "password" ? { password: login } : { url: login.trim() },
      );
      await syncConnection(connection.id);
      await onSaved();
    },
    pathOf: () => "login",
  });
  const { errors, isSubmitting } = formState;
  const missing = connectionFix[kind === "password" ? "passwordMissing" : "addressMissing"];
  return (
    <form onSubmit={submit} noValidate className="space-y-4">
      {problem && <Alert tone="bad">{problem}</Alert>}
      <Field
        label={connectionFix[kind === "password" ? "passwordLabel" : "addressLabel"]}
        error={errors.login?.message}
        required
      >
        {(control) => {
          const field = register("login", { validate: (login) => login.trim() !== "" || missing });
          return kind === "password" ? (
            <PasswordInput {...control} {...field} autoComplete="off" autoFocus />
          ) : (
            <Input {...control} {...field} inputMode="url" autoComplete="off" autoFocus />
          );
        }}
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" pending={isSubmitting}>
          {connectionFix.save}
        </Button>
        <Button variant="ghost" onClick={onCancel} disabled={isSubmitting}>
          {controls.cancel}
        </Button>
      </div>
    </form>
  );
}
