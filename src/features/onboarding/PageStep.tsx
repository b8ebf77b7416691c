import { FormProvider } from "react-hook-form";
import type { Me } from "#contract/accounts.ts";
import { textLimits } from "#rules/limits.ts";
import { accountFields } from "#words/accounts.ts";
import { mentorPage } from "#words/mentorPage.ts";
import { pageStep, setupSteps, stepButtons } from "#words/onboarding.ts";
import { changeMentorProfile, createMentorProfile } from "@/features/mentors/api.ts";
import { suggestUsername, usernameOf } from "@/features/mentors/profileForm.ts";
import { UsernameField } from "@/features/mentors/UsernameField.tsx";
import { useMentorChanges } from "@/features/mentors/useMentorChanges.ts";
import { queryClient } from "@/lib/queryClient.ts";
import { useUnsavedChanges } from "@/lib/unsavedChanges.ts";
import { viewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { setupQuery } from "./queries.ts";
import { StepForm } from "./StepFrame.tsx";

type PageForm = { full_name: string; username: string };

/** Name and username. Saving creates the mentor profile. */
export function PageStep({ me, onDone }: { me: Me; onDone: () => void }) {
  const account = useMentorChanges();
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
      // Loaded before the account becomes a mentor's, so that the steps stay on the screen.
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
        title={setupSteps.page}
        lead={pageStep.lead}
        saveLabel={me.mentor ? stepButtons.save : pageStep.create}
        onSkip={null}
      >
        <Field label={mentorPage.fullName} error={errors.full_name?.message} required>
          {(props) => (
            <Input
              {...props}
              {...form.register("full_name", {
                validate: (name) => name.trim() !== "" || accountFields.nameMissing,
              })}
              autoComplete="name"
              maxLength={textLimits.personName}
            />
          )}
        </Field>
        <UsernameField own={me.mentor?.username} />
      </StepForm>
    </FormProvider>
  );
}
