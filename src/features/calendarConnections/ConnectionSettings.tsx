import { ChevronDown } from "lucide-react";
import { useState } from "react";
import type { CalendarConnection, UpdateCalendarConnection } from "#contract/calendarConnections.ts";
import { textLimits } from "#rules/limits.ts";
import type { Minutes } from "#scheduling/units.ts";
import { connectionSettings } from "#words/calendarConnections.ts";
import { toast } from "@/lib/toast.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { ConfirmDialog } from "@/ui/ConfirmDialog.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { Switch } from "@/ui/Switch.tsx";
import { useAction } from "@/ui/useAction.ts";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { endConnection, updateConnection } from "./api.ts";

type ConnectionSettingsProps = {
  connection: CalendarConnection;
  isMentor: boolean;
  staleMinutes: Minutes;
  onChange: () => Promise<void>;
};

/** What is seldom changed: the name, titles, old busy times; and the end of the connection. */
export function ConnectionSettings({
  connection,
  isMentor,
  staleMinutes,
  onChange,
}: ConnectionSettingsProps) {
  const { id, name } = connection;
  const [isAsking, setIsAsking] = useState(false);
  const change = useAction(async (settings: UpdateCalendarConnection) => {
    await updateConnection(id, settings);
    await onChange();
  });
  const { if_stale, shows_titles } = { ...connection, ...change.pendingArgs?.[0] };
  return (
    <details className="group border-t border-line">
      <summary className="tap flex cursor-pointer items-center justify-between gap-3 px-4 py-2 font-semibold hover:bg-sunken">
        <span aria-hidden>{connectionSettings.title}</span>
        <span className="sr-only">{connectionSettings.of(name)}</span>
        <ChevronDown aria-hidden className="size-5 shrink-0 transition-transform group-open:rotate-180" />
      </summary>
      <div className="space-y-5 px-4 pt-2 pb-4">
        <Rename connection={connection} onChange={onChange} />
        <Switch
          label={connectionSettings.titles}
          detail={connectionSettings.titlesHint}
          checked={shows_titles}
          disabled={change.isPending}
          onChange={(event) => void change.run({ shows_titles: event.currentTarget.checked })}
        />
        {isMentor && (
          <fieldset>
            <legend className="font-semibold">{connectionSettings.ifStale(staleMinutes)}</legend>
            {(["continue", "pause"] as const).map((choice) => (
              <label key={choice} className="tap flex items-center gap-3">
                <input
                  type="radio"
                  name={`if_stale-${id}`}
                  checked={if_stale === choice}
                  disabled={change.isPending}
                  onChange={() => void change.run({ if_stale: choice })}
                  className="size-5 shrink-0 accent-primary"
                />
                {connectionSettings[choice]}
              </label>
            ))}
          </fieldset>
        )}
        <Button
          variant="secondary"
          aria-label={connectionSettings.disconnectOf(name)}
          onClick={() => setIsAsking(true)}
        >
          {connectionSettings.disconnect}
        </Button>
      </div>
      {isAsking && (
        <ConfirmDialog
          title={connectionSettings.disconnectTitle(name)}
          keepLabel={connectionSettings.keep}
          confirmLabel={connectionSettings.disconnect}
          onClose={() => setIsAsking(false)}
          onConfirm={async () => {
            await endConnection(id);
            await onChange();
            toast.success(connectionSettings.disconnected(name));
          }}
          focusAfter={() => document.getElementById("calendars")?.focus()}
        >
          <p>{connectionSettings.disconnectText[isMentor ? "mentor" : "student"]}</p>
        </ConfirmDialog>
      )}
    </details>
  );
}

function Rename({ connection, onChange }: Pick<ConnectionSettingsProps, "connection" | "onChange">) {
  const { register, submit, problem, formState } = useSavingForm({
    defaultValues: { name: connection.name },
    save: async ({ name }: { name: string }) => {
      await updateConnection(connection.id, { name: name.trim() });
      await onChange();
      toast.success(connectionSettings.renamed);
    },
  });
  const { errors, isSubmitting } = formState;
  return (
    <form onSubmit={submit} noValidate className="space-y-3">
      {problem && <Alert tone="bad">{problem}</Alert>}
      <div className="flex flex-wrap items-start gap-2">
        <Field
          label={connectionSettings.name}
          error={errors.name?.message}
          required
          className="flex-1 basis-52"
        >
          {(control) => (
            <Input
              {...control}
              {...register("name", {
                validate: (name) => name.trim() !== "" || connectionSettings.nameMissing,
              })}
              maxLength={textLimits.connectionName}
              autoComplete="off"
            />
          )}
        </Field>
        <Button type="submit" variant="secondary" pending={isSubmitting} className="mt-7.5">
          {connectionSettings.rename}
        </Button>
      </div>
    </form>
  );
}
