import { useQuery, useQueryClient } from "@tanstack/react-query";
import { MeetingFields } from "@/components/meeting/MeetingFields";
import { type MeetingForm, meetingFormOf, meetingOf } from "@/components/meeting/meetingForm";
import { ProblemState } from "@/components/ui/ProblemState";
import { Skeleton } from "@/components/ui/Skeleton";
import { useSavingForm } from "@/hooks/useSavingForm";
import { ownKeys, ownRoomQuery } from "@/lib/ownQueries";
import { useUnsavedChanges } from "@/lib/unsavedChanges";
import { saveRoom } from "@/services/meetingService";
import type { MentorRoom } from "../../../contract/meetings";
import { StepForm } from "./StepFrame";

type RoomStepProps = { mentorId: string; onDone: () => void };

export function RoomStep({ mentorId, onDone }: RoomStepProps) {
  const room = useQuery(ownRoomQuery(mentorId));
  if (room.data) return <Room mentorId={mentorId} room={room.data} onDone={onDone} />;
  if (!room.isError) return <Skeleton className="h-80 w-full" />;
  return (
    <ProblemState title="We could not load your meeting room" error={room.error} onRetry={room.refetch} />
  );
}

function Room({ mentorId, room, onDone }: RoomStepProps & { room: MentorRoom }) {
  const queryClient = useQueryClient();
  const form = useSavingForm<MeetingForm>({
    defaultValues: meetingFormOf(room),
    save: async (values) => {
      const saved = await saveRoom(meetingOf(values));
      form.reset(meetingFormOf(saved));
      queryClient.setQueryData(ownKeys.room(mentorId), saved);
      await queryClient.invalidateQueries({ queryKey: ownKeys.setup(mentorId) });
      onDone();
    },
  });
  useUnsavedChanges(form.formState.isDirty);
  return (
    <StepForm
      form={form}
      title="Where you meet"
      lead="Students see it once a session is confirmed. It is not on your page, and a session can have another link."
      saveWords="Save and go on"
      onSkip={onDone}
    >
      <MeetingFields form={form} />
    </StepForm>
  );
}
