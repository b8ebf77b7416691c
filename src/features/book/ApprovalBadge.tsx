import type { Mentor } from "#contract/mentors.ts";
import type { Service } from "#contract/services.ts";
import { approvalOf } from "#rules/approval.ts";
import { approvals } from "#words/services.ts";
import { firstName } from "@/lib/names.ts";
import { Badge } from "@/ui/Badge.tsx";

type ApprovalBadgeProps = {
  mentor: Pick<Mentor, "full_name" | "instant_confirm" | "approve_first_timers">;
  service: Service;
};

/** Whether a booking of this service is confirmed instantly or needs the mentor's approval. */
export function ApprovalBadge({ mentor, service }: ApprovalBadgeProps) {
  const approval = approvalOf(mentor, service);
  return (
    <Badge tone={approval === "instant" ? "good" : "accent"}>
      {approvals[approval](firstName(mentor.full_name))}
    </Badge>
  );
}
