import { useQueryClient } from "@tanstack/react-query";
import type { Me } from "#contract/accounts.ts";
import { profileSection } from "#words/accountPage.ts";
import { controls } from "#words/controls.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { tabPerson } from "@/lib/tabPerson.ts";
import { deviceTimeZone } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { useUnsavedChanges } from "@/lib/unsavedChanges.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { TimeZoneSelect } from "@/ui/TimeZoneSelect.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { AccountSection } from "./AccountSection.tsx";
import { saveProfile } from "./api.ts";

export function ProfileSection({ me }: { me: Me }) {
  const queryClient = useQueryClient();
  const { register, submit, problem, formState, watch, reset } = useSavingForm({
    defaultValues: formOf(me),
    save: async (profile: ReturnType<typeof formOf>) => {
      const saved = await saveProfile({ ...profile, name: profile.name.trim() });
      queryClient.setQueryData(queryKeys.me, tabPerson.meet(saved));
      reset(formOf(saved));
      toast.success(profileSection.saved);
    },
  });
  const { errors, isDirty, isSubmitting } = formState;
  useUnsavedChanges(isDirty);
  return (
    <AccountSection id="profile">
      <form onSubmit={submit} noValidate className="space-y-5">
        {problem && <Alert tone="bad">{problem}</Alert>}
        <div className="grid gap-5 sm:grid-cols-2">
          <Field label={profileSection.name} error={errors.name?.message} required>
            {(control) => (
              <Input
                {...control}
                {...register("name", {
                  validate: (name) => name.trim() !== "" || profileSection.nameMissing,
                })}
                autoComplete="name"
              />
            )}
          </Field>
          <Field
            label={profileSection.timeZone}
            hint={profileSection.timeZoneHint}
            error={errors.timezone?.message}
          >
            {(control) => (
              <TimeZoneSelect {...control} {...register("timezone")} current={watch("timezone")} />
            )}
          </Field>
        </div>
        <Button type="submit" variant={isDirty ? "primary" : "secondary"} pending={isSubmitting}>
          {isSubmitting ? controls.saving : profileSection.save}
        </Button>
      </form>
    </AccountSection>
  );
}

const formOf = ({ name, timezone }: Me) => ({ name, timezone: timezone ?? deviceTimeZone() });
