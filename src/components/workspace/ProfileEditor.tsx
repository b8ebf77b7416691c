import { FormProvider } from "react-hook-form";
import { Alert } from "@/components/ui/Alert";
import { Card } from "@/components/ui/Card";
import { useSavingForm } from "@/hooks/useSavingForm";
import { toast } from "@/lib/toast";
import { useUnsavedChanges } from "@/lib/unsavedChanges";
import { changeMentorProfile } from "@/services/mentorService";
import type { MentorProfile } from "../../../contract/mentors";
import { ProfileFields } from "./ProfileFields";
import { type ProfileForm, profileFormOf, profileOf, usernameOf } from "./profileForm";
import { clearOfSaveBar, SaveBar } from "./SaveBar";
import { useMentorAccount } from "./useMentorAccount";

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
        <Card className={clearOfSaveBar}>
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
