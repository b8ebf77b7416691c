import { FormProvider } from "react-hook-form";
import type { MentorProfile } from "#contract/mentors.ts";
import { mentorPage } from "#words/mentorPage.ts";
import { paths } from "@/lib/paths.ts";
import { toast } from "@/lib/toast.ts";
import { useUnsavedChanges } from "@/lib/unsavedChanges.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Card } from "@/ui/Card.tsx";
import { SaveBar, saveBarOffset } from "@/ui/SaveBar.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { changeMentorProfile } from "./api.ts";
import { ProfileFields } from "./ProfileFields.tsx";
import { type ProfileForm, profileFormOf, profileOf, usernameOf } from "./profileForm.ts";
import { useMentorChanges } from "./useMentorChanges.ts";

export function ProfileEditor({ profile }: { profile: MentorProfile }) {
  const changes = useMentorChanges();
  const form = useSavingForm<ProfileForm>({
    defaultValues: profileFormOf(profile),
    save: async (values) => {
      const saved = await changeMentorProfile(profileOf(values));
      form.reset(profileFormOf(saved));
      changes.profileChanged(saved);
      toast.success(mentorPage.saved);
    },
  });
  const { isDirty, isSubmitting } = form.formState;
  useUnsavedChanges(isDirty);
  const isRenamed = usernameOf(form.watch("username")) !== profile.username;

  return (
    <FormProvider {...form}>
      <form onSubmit={form.submit} noValidate aria-label={mentorPage.form}>
        <Card className={saveBarOffset}>
          <div className="space-y-6 p-4 sm:p-6">
            {form.problem && <Alert tone="bad">{form.problem}</Alert>}
            <ProfileFields username={profile.username} />
            <div role="status">
              {isRenamed && (
                <Alert tone="info" announce={false}>
                  {mentorPage.renamed(paths.mentor(profile.username))}
                </Alert>
              )}
            </div>
          </div>
          <SaveBar
            isDirty={isDirty}
            isSaving={isSubmitting}
            saveLabel={mentorPage.save}
            onDiscard={() => form.reset(profileFormOf(profile))}
          />
        </Card>
      </form>
    </FormProvider>
  );
}
