import { useQuery, useQueryClient } from "@tanstack/react-query";
import { CalendarPlus } from "lucide-react";
import { useState } from "react";
import type { MentorProfile } from "#contract/mentors.ts";
import { groupForms } from "#words/groupSessions.ts";
import { ownServicesQuery } from "@/features/services/queries.ts";
import { lazyPart } from "@/lib/lazyPart.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { toast } from "@/lib/toast.ts";
import { Button } from "@/ui/Button.tsx";
import { groupServicesOf } from "./groupForm.ts";

const ScheduleDialog = lazyPart(() => import("./ScheduleDialog.tsx").then((file) => file.ScheduleDialog));

/** Opens the form that schedules sessions; nothing while there is no service to schedule. */
export function ScheduleButton({ profile, label }: { profile: MentorProfile; label: string }) {
  const { data: services = [] } = useQuery(ownServicesQuery(profile.id));
  const queryClient = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const groups = groupServicesOf(services);
  if (groups.length === 0) return null;
  return (
    <>
      <Button
        onClick={() => setOpen(true)}
        onPointerEnter={ScheduleDialog.preload}
        onFocus={ScheduleDialog.preload}
      >
        <CalendarPlus aria-hidden className="size-4" />
        {label}
      </Button>
      {isOpen && (
        <ScheduleDialog
          services={groups}
          timeZone={profile.timezone}
          onClose={() => setOpen(false)}
          onScheduled={async (sessions) => {
            // Also the programmes.
            await queryClient.invalidateQueries({ queryKey: queryKeys.bookings });
            toast.success(groupForms.scheduled(sessions));
            setOpen(false);
          }}
        />
      )}
    </>
  );
}
