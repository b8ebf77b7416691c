import { useState } from "react";
import type { CalendarTest, CreateCalendarConnection } from "#contract/calendarConnections.ts";
import { textLimits } from "#rules/limits.ts";
import { connectDialog, connectionHealth, connectionProblems } from "#words/calendarConnections.ts";
import { PasswordInput } from "@/features/accounts/PasswordInput.tsx";
import { toast } from "@/lib/toast.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { createConnection, testConnection } from "./api.ts";
import type { CalendarHome } from "./calendarHomes.ts";
import { isOwnWords } from "./connectionState.ts";

type Login = { server_url: string; username: string; password: string; url: string; name: string };

/** The login of a CalDAV server, or the address of a feed, with a test that says in one sentence what is wrong. */
export function ConnectForm({ home, onConnect }: { home: CalendarHome; onConnect: () => Promise<void> }) {
  const [test, setTest] = useState<CalendarTest | null>(null);
  const [isTesting, setIsTesting] = useState(false);
  const { register, submit, problem, formState } = useSavingForm({
    defaultValues: {
      server_url: home.server,
      username: "",
      password: "",
      url: "",
      name: home.isNamed ? home.name : "",
    },
    save: async (login: Login) => {
      setTest(null);
      const wish = wishOf(home, login);
      if (isTesting) {
        setTest(await testConnection(wish));
        return;
      }
      const { name } = await createConnection(wish);
      toast.success(connectDialog.connected(name));
      await onConnect();
    },
  });
  const { errors, isSubmitting } = formState;
  const needed = (missing: string) => ({ validate: (value: string) => value.trim() !== "" || missing });
  const plain = { autoComplete: "off", autoCapitalize: "none", spellCheck: false } as const;
  return (
    <form onSubmit={submit} noValidate className="space-y-5">
      {home.kind === "caldav" ? (
        <>
          <Field label={connectDialog.server} error={errors.server_url?.message} required>
            {(control) => (
              <Input
                {...control}
                {...register("server_url", needed(connectDialog.serverMissing))}
                {...plain}
                inputMode="url"
              />
            )}
          </Field>
          <Field label={connectDialog.username} error={errors.username?.message} required>
            {(control) => (
              <Input
                {...control}
                {...register("username", needed(connectDialog.usernameMissing))}
                {...plain}
                maxLength={textLimits.email}
              />
            )}
          </Field>
          <Field
            label={connectDialog[home.takesAppPassword ? "appPassword" : "password"]}
            error={errors.password?.message}
            required
          >
            {(control) => (
              <PasswordInput
                {...control}
                {...register("password", needed(connectDialog.passwordMissing))}
                autoComplete="off"
              />
            )}
          </Field>
        </>
      ) : (
        <Field
          label={connectDialog.address}
          hint={connectDialog.addressHint}
          error={errors.url?.message}
          required
        >
          {(control) => (
            <Input
              {...control}
              {...register("url", needed(connectDialog.addressMissing))}
              {...plain}
              inputMode="url"
            />
          )}
        </Field>
      )}
      <Field label={connectDialog.name} error={errors.name?.message} optional>
        {(control) => (
          <Input
            {...control}
            {...register("name")}
            maxLength={textLimits.connectionName}
            autoComplete="off"
          />
        )}
      </Field>
      {problem && <Alert tone="bad">{problem}</Alert>}
      {test && <TestResult test={test} />}
      <div className="flex flex-wrap gap-2">
        <Button
          type="submit"
          pending={isSubmitting && !isTesting}
          disabled={isSubmitting}
          onClick={() => setIsTesting(false)}
        >
          {connectDialog.connect}
        </Button>
        <Button
          type="submit"
          variant="secondary"
          pending={isSubmitting && isTesting}
          disabled={isSubmitting}
          onClick={() => setIsTesting(true)}
        >
          {connectDialog.test}
        </Button>
      </div>
    </form>
  );
}

function TestResult({ test: { works, problem, detail, calendars } }: { test: CalendarTest }) {
  if (works) return <Alert tone="good">{connectDialog.works(calendars.join(", "))}</Alert>;
  return (
    <Alert tone="bad">
      <p>{connectionProblems[problem ?? "failing"]}</p>
      {detail && (
        <p className="text-sm wrap-anywhere">
          {connectionHealth[isOwnWords(detail) ? "says" : "found"](detail)}
        </p>
      )}
    </Alert>
  );
}

function wishOf(home: CalendarHome, { server_url, username, password, url, name }: Login) {
  const named = name.trim() === "" ? {} : { name: name.trim() };
  return (
    home.kind === "caldav"
      ? { kind: "caldav", server_url: server_url.trim(), username: username.trim(), password, ...named }
      : { kind: "feed", url: url.trim(), ...named }
  ) satisfies CreateCalendarConnection;
}
