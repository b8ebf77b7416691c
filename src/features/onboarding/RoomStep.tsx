import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { MentorRoom } from "#contract/meetings.ts";
import { meetingRoom } from "#words/meetings.ts";
import { roomStep, setupSteps, stepButtons } from "#words/onboarding.ts";
import { saveRoom } from "@/features/meetings/api.ts";
import { MeetingFields } from "@/features/meetings/MeetingFields.tsx";
import { type MeetingForm, meetingFormOf, meetingOf } from "@/features/meetings/meetingForm.ts";
import { ownRoomQuery } from "@/features/meetings/queries.ts";
import { ownKeys } from "@/lib/queryKeys.ts";
import { useUnsavedChanges } from "@/lib/unsavedChanges.ts";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { StepForm } from "./StepFrame.tsx";

type RoomStepProps = { mentorId: string; onDone: () => void };

export function RoomStep({ mentorId, onDone }: RoomStepProps) {
  const room = useQuery(ownRoomQuery(mentorId));
  if (room.data) return <Room mentorId={mentorId} room={room.data} onDone={onDone} />;
  if (!room.isError) return <Skeleton className="h-80 w-full" />;
  return <ProblemState title={meetingRoom.failed} error={room.error} onRetry={room.refetch} />;
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
      title={setupSteps.room}
      lead={roomStep.lead}
      saveLabel={stepButtons.save}
      onSkip={onDone}
    >
      <MeetingFields form={form} />
    </StepForm>
  );
}
