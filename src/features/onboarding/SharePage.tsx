import { Mail, Share2 } from "lucide-react";
import type { MentorProfile } from "#contract/mentors.ts";
import { sharePage } from "#words/onboarding.ts";
import { paths } from "@/lib/paths.ts";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { CopyField } from "@/ui/CopyField.tsx";

/** The page's link, to copy or to share with another app. */
export function SharePage({ profile }: { profile: Pick<MentorProfile, "username" | "full_name"> }) {
  const url = window.location.origin + paths.mentor(profile.username);
  const subject = sharePage.subject(profile.full_name);
  const mail = `mailto:?${new URLSearchParams({ subject, body: url })}`.replaceAll("+", "%20");
  const share = async () => {
    try {
      await navigator.share({ title: subject, url });
    } catch (problem) {
      // Rejects when the list of apps is closed.
      if (!(problem instanceof DOMException)) throw problem;
    }
  };
  return (
    <div className="space-y-3">
      <CopyField label={sharePage.link} text={url} />
      <div className="flex flex-wrap gap-2">
        {"share" in navigator && (
          <Button variant="secondary" size="sm" onClick={share}>
            <Share2 aria-hidden className="size-4" />
            {sharePage.share}
          </Button>
        )}
        <a href={mail} className={buttonVariants({ variant: "secondary", size: "sm" })}>
          <Mail aria-hidden className="size-4" />
          {sharePage.email}
        </a>
      </div>
    </div>
  );
}
