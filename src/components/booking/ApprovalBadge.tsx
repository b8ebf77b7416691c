import { Badge } from "@/components/ui/Badge";
import { firstName } from "@/lib/words";
import type { Mentor } from "../../../contract/mentors";
import type { Service } from "../../../contract/services";
import { isConfirmedInstantly, spellApproval } from "../../../scheduling/approval";

type ApprovalBadgeProps = { mentor: Pick<Mentor, "full_name" | "instant_confirm">; service: Service };

/** Says before anything is chosen whether booking this is final or asks the mentor first. */
export function ApprovalBadge({ mentor, service }: ApprovalBadgeProps) {
  const isInstant = isConfirmedInstantly(mentor, service);
  return (
    <Badge tone={isInstant ? "good" : "accent"}>
      {spellApproval(isInstant, firstName(mentor.full_name))}
    </Badge>
  );
}
