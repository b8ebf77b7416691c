import { FormProvider } from "react-hook-form";
import type { MentorProfile } from "#contract/mentors.ts";
import { toast } from "@/lib/toast.ts";
import { useUnsavedChanges } from "@/lib/unsavedChanges.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Card } from "@/ui/Card.tsx";
import { SaveBar, saveBarOffset } from "@/ui/SaveBar.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { changeMentorProfile } from "./api.ts";
import { ProfileFields } from "./ProfileFields.tsx";
import { type ProfileForm, profileFormOf, profileOf, usernameOf } from "./profileForm.ts";
import { useMentorAccount } from "./useMentorChanges.ts";

export function ProfileEditor({ profile }: { profile: MentorProfile }) {
  const account = useMentorAccount();
  const form = useSavingForm<ProfileForm>({
    defaultValues: profileFormOf(profile),
    save: async (values) => {
      const saved = await changeMentorProfile(profileOf(values));
      form.reset(profileFormOf(saved));
      account.profileChanged(saved);
      toast.success("Your page is saved.");
    },
  });
  const { isDirty, isSubmitting } = form.formState;
  useUnsavedChanges(isDirty);
  const isMoving = usernameOf(form.watch("username")) !== profile.username;

  return (
    <FormProvider {...form}>
      <form onSubmit={form.submit} noValidate aria-label="Your page">
        <Card className={saveBarOffset}>
          <div className="space-y-6 p-4 sm:p-6">
            {form.problem && <Alert tone="bad">{form.problem}</Alert>}
            <ProfileFields username={profile.username} />
            <div role="status">
              {isMoving && (
                <Alert tone="warning" announce={false}>
                  With another username your page moves: links to /mentors/{profile.username} stop working.
                </Alert>
              )}
            </div>
          </div>
          <SaveBar
            isDirty={isDirty}
            isSaving={isSubmitting}
            saveWords="Save page"
            onDiscard={() => form.reset(profileFormOf(profile))}
          />
        </Card>
      </form>
    </FormProvider>
  );
}
