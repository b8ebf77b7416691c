import { FormProvider } from "react-hook-form";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/Input";
import { suggestUsername, usernameOf } from "@/components/workspace/profileForm";
import { UsernameField } from "@/components/workspace/UsernameField";
import { useMentorAccount } from "@/components/workspace/useMentorAccount";
import { useSavingForm } from "@/hooks/useSavingForm";
import { setupQuery } from "@/lib/ownQueries";
import { queryClient } from "@/lib/queryClient";
import { useUnsavedChanges } from "@/lib/unsavedChanges";
import { viewerTimeZone } from "@/lib/viewerTimeZone";
import { changeMentorProfile, createMentorProfile } from "@/services/mentorService";
import type { Me } from "../../../contract/account";
import { StepForm } from "./StepFrame";

type PageForm = { full_name: string; username: string };

/** Who is here, and under which address: with it the account becomes a mentor's. */
export function PageStep({ me, onDone }: { me: Me; onDone: () => void }) {
  const account = useMentorAccount();
  const form = useSavingForm<PageForm>({
    defaultValues: {
      full_name: me.mentor?.full_name ?? me.name,
      username: me.mentor?.username ?? suggestUsername(me.name),
    },
    save: async (values) => {
      const page = { full_name: values.full_name.trim(), username: usernameOf(values.username) };
      const saved = me.mentor
        ? await changeMentorProfile(page)
        : await createMentorProfile({ ...page, timezone: viewerTimeZone(), listed: false });
      form.reset(values);
      // Known before the account is a mentor's, so that the steps stay on the screen.
      await queryClient.prefetchQuery(setupQuery(saved.id));
      account.profileChanged(saved);
      onDone();
    },
  });
  const { errors, isDirty } = form.formState;
  useUnsavedChanges(isDirty);
  return (
    <FormProvider {...form}>
      <StepForm
        form={form}
        title="Name and username"
        lead="Your page gets an address of its own. The search shows it once you publish it."
        saveWords={me.mentor ? "Save and go on" : "Create my mentor page"}
        onSkip={null}
      >
        <Field label="Full name" error={errors.full_name?.message} required>
          {(props) => (
            <Input
              {...props}
              {...form.register("full_name", {
                validate: (name) => name.trim() !== "" || "Please enter your name.",
              })}
              autoComplete="name"
              maxLength={120}
            />
          )}
        </Field>
        <UsernameField own={me.mentor?.username} />
      </StepForm>
    </FormProvider>
  );
}
