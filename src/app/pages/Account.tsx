import type { ComponentType } from "react";
import type { Me } from "#contract/accounts.ts";
import { accountPage, accountSections } from "#words/accountPage.ts";
import { RequireSignIn } from "@/features/accounts/RequireSignIn.tsx";
import type { AccountSectionId } from "@/features/accounts/settings/AccountSection.tsx";
import { DevicesSection } from "@/features/accounts/settings/DevicesSection.tsx";
import { PasswordSection } from "@/features/accounts/settings/PasswordSection.tsx";
import { ProfileSection } from "@/features/accounts/settings/ProfileSection.tsx";
import { CalendarFeedSection } from "@/features/calendarFeed/CalendarFeedSection.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { PageSections } from "@/ui/PageSections.tsx";

/** The page in its order. A section is an `AccountSection`; its title is in `accountSections`. */
const sections: readonly { id: AccountSectionId; Section: ComponentType<{ me: Me }> }[] = [
  { id: "profile", Section: ProfileSection },
  { id: "password", Section: PasswordSection },
  { id: "devices", Section: DevicesSection },
  { id: "calendar", Section: CalendarFeedSection },
];

/** `/account`: a person's own settings, ways to sign in and data. */
export default function Account() {
  return (
    <RequireSignIn title={accountPage.title}>
      {(me) => (
        <div className="page max-w-3xl space-y-6 py-10 sm:py-12">
          <PageHeading title={accountPage.title} />
          <PageSections
            sections={sections.map(({ id }) => ({ id, title: accountSections[id], count: true }))}
          />
          {sections.map(({ id, Section }) => (
            <Section key={id} me={me} />
          ))}
        </div>
      )}
    </RequireSignIn>
  );
}
