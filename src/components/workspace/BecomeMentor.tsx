import { CalendarCheck, HandCoins, ShieldCheck } from "lucide-react";
import { FormProvider } from "react-hook-form";
import { useNavigate } from "react-router";
import { toast } from "sonner";
import { PageHeading } from "@/components/layout/PageHeading";
import { Alert } from "@/components/ui/Alert";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Card";
import { Field } from "@/components/ui/Field";
import { TimeZoneSelect } from "@/components/ui/TimeZoneSelect";
import { useNow } from "@/hooks/useNow";
import { useSavingForm } from "@/hooks/useSavingForm";
import { formatTime } from "@/lib/time";
import { viewerTimeZone } from "@/lib/viewerTimeZone";
import { paths } from "@/paths";
import { createMentorProfile } from "@/services/mentorService";
import type { Me } from "../../../contract/account";
import { ProfileFields } from "./ProfileFields";
import { type ProfileForm, profileOf, suggestUsername } from "./profileForm";
import { useMentorAccount } from "./useMentorAccount";

type NewMentorForm = ProfileForm & { timezone: string };

const promises = [
  { Icon: CalendarCheck, words: "Your hours, your rules: students only see times that are really free." },
  { Icon: ShieldCheck, words: "No double bookings, and the right hour for both of you, everywhere." },
  { Icon: HandCoins, words: "You set the price of every session." },
] as const;

/** The way from a student to a mentor: one short form. */
export function BecomeMentor({ me }: { me: Me }) {
  const account = useMentorAccount();
  const navigate = useNavigate();
  const now = useNow();
  const form = useSavingForm<NewMentorForm>({
    defaultValues: {
      full_name: me.name,
      username: suggestUsername(me.name),
      headline: "",
      bio: "",
      expertise: [],
      languages: [],
      timezone: viewerTimeZone(),
    },
    save: async ({ timezone, ...profile }) => {
      const created = await createMentorProfile({ ...profileOf(profile), timezone });
      account.profileChanged(created);
      toast.success("Your mentor page is live.", { description: "Set your hours next." });
      navigate(paths.mentorWorkspace("hours"));
    },
  });
  const { errors, isSubmitting } = form.formState;
  const timezone = form.watch("timezone");
  return (
    <div className="page grid gap-x-12 gap-y-8 py-10 sm:py-12 lg:grid-cols-[1fr_22rem] lg:items-start">
      <div className="min-w-0">
        <PageHeading title="Become a mentor" />
        <p className="mt-1 mb-6 text-ink-soft">This takes two minutes. Everything can be changed later.</p>
        <FormProvider {...form}>
          <Card className="p-4 sm:p-6">
            <form onSubmit={form.submit} noValidate aria-label="Become a mentor" className="space-y-6">
              {form.problem && <Alert tone="bad">{form.problem}</Alert>}
              <ProfileFields />
              <Field
                label="Time zone"
                hint={`Your hours follow this clock. It is ${formatTime(now.toISOString(), timezone)} there now.`}
                error={errors.timezone?.message}
              >
                {(props) => <TimeZoneSelect {...props} {...form.register("timezone")} current={timezone} />}
              </Field>
              <Button type="submit" size="lg" pending={isSubmitting} className="w-full sm:w-auto">
                {isSubmitting ? "Creating your page…" : "Create my mentor page"}
              </Button>
            </form>
          </Card>
        </FormProvider>
      </div>
      <ul className="space-y-4 rounded-card bg-accent-soft p-5 text-accent-text lg:sticky lg:top-24 lg:mt-24">
        {promises.map(({ Icon, words }) => (
          <li key={words} className="flex gap-3">
            <Icon aria-hidden className="mt-0.5 size-5 shrink-0" />
            {words}
          </li>
        ))}
      </ul>
    </div>
  );
}
