import { Share2 } from "lucide-react";
import type { GroupSession } from "#contract/groupSessions.ts";
import { groupPage } from "#words/groupSessions.ts";
import { groupPaths } from "@/lib/groupPaths.ts";
import { Button } from "@/ui/Button.tsx";
import { CopyField } from "@/ui/CopyField.tsx";

/** The link of the public page, to copy or to share with another app. */
export function ShareGroup({ session }: { session: GroupSession }) {
  const { mentor, id, service_title } = session;
  const url = window.location.origin + groupPaths.session(mentor.username, id);
  const share = async () => {
    try {
      await navigator.share({ title: groupPage.pageTitle(service_title, mentor.full_name), url });
    } catch (problem) {
      // Rejects when the list of apps is closed.
      if (!(problem instanceof DOMException)) throw problem;
    }
  };
  return (
    <div className="space-y-3">
      <CopyField label={groupPage.link} text={url} />
      {"share" in navigator && (
        <Button variant="secondary" size="sm" onClick={share}>
          <Share2 aria-hidden className="size-4" />
          {groupPage.shareButton}
        </Button>
      )}
    </div>
  );
}
