import { Mail, Share2 } from "lucide-react";
import type { MentorProfile } from "#contract/mentors.ts";
import { paths } from "@/lib/paths.ts";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { CopyField } from "@/ui/CopyField.tsx";

/** The page's link, to be copied or handed to another app. */
export function SharePage({ profile }: { profile: Pick<MentorProfile, "username" | "full_name"> }) {
  const url = window.location.origin + paths.mentor(profile.username);
  const words = `Book a session with ${profile.full_name}`;
  const mail = `mailto:?${new URLSearchParams({ subject: words, body: url })}`.replaceAll("+", "%20");
  const share = async () => {
    try {
      await navigator.share({ title: words, url });
    } catch (problem) {
      // Closing the list of apps is no failure.
      if (!(problem instanceof DOMException)) throw problem;
    }
  };
  return (
    <div className="space-y-3">
      <CopyField label="Link to your page" text={url} />
      <div className="flex flex-wrap gap-2">
        {"share" in navigator && (
          <Button variant="secondary" size="sm" onClick={share}>
            <Share2 aria-hidden className="size-4" />
            Share
          </Button>
        )}
        <a href={mail} className={buttonVariants({ variant: "secondary", size: "sm" })}>
          <Mail aria-hidden className="size-4" />
          Send by e-mail
        </a>
      </div>
    </div>
  );
}
